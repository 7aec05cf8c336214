// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/calls/call_table.hpp"
#include "protocol/original_event.hpp"

#include <optional>

namespace astcti::routing {

// What the original told the client of a leg's device about this change; nothing if it told
// nothing. See PROTOCOL.md section 4.
std::optional<protocol::OriginalEvent> original_event(const calls::Change& change);

} // namespace astcti::routing
