// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "protocol/event.hpp"

#include <string>
#include <string_view>

namespace astcti::protocol {

// The name of the event that tells of a call in this state: "Ringing".
std::string_view event_name(const CallEvent& event) noexcept;

// Appends the event as one line, LF included. Values longer than the limits of
// PROTOCOL.md section 5 are cut.
void append_event(std::string& out, const Event& event);

} // namespace astcti::protocol
