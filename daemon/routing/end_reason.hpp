// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/calls/leg.hpp"
#include "protocol/call.hpp"

namespace astcti::routing {

// Why the call of a leg that has ended is over. `was_answered`: so it was told.
protocol::EndReason end_reason(const calls::Leg& leg, bool was_answered) noexcept;

} // namespace astcti::routing
