// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "protocol/rules/rule.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace astcti::rules {

// Is it "name", "name:port", or the same of an address, as <host> of xml/rules.xsd?
bool is_host(std::string_view text) noexcept;

// Forbids the server's rules that open pages of other hosts than these (without regard to case; the
// port is a part of it).
void forbid_other_hosts(Rules& servers, const std::vector<std::string>& hosts);

} // namespace astcti::rules
