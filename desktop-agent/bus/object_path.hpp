// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace astcti::bus {

inline constexpr const char* agent_path = "/org/astcti/Agent1";

// The object of a call: its id as one path element, every byte but A-Za-z0-9 as _xx.
std::string call_path(std::string_view id);

} // namespace astcti::bus
