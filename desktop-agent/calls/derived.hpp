// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "protocol/call.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace astcti::calls {

// What follows from what the server tells of a call.

// allowed, withheld, or unknown: nothing came.
std::string_view presentation_of(const protocol::Call& call) noexcept;

// The person's telephones that ring or talk: so far the one of the leading channel, as the server
// tells of no other.
std::vector<std::string> devices_of(const protocol::Call& call);

// The person's telephone on which a call that came in was answered; empty if none was.
std::string answered_by(const protocol::Call& call);

} // namespace astcti::calls
