// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/calls/call_table.hpp"
#include "protocol/call.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace astcti::routing {

// The id of a call: the same after a restart, from a snapshot, and on another node.
std::string call_id(std::string_view pbx, std::string_view uniqueid, std::string_view user);

// What a person is to be told of their part of a conversation. `legs` are those of the
// person's devices in it, the first one first, with those that have ended; `before` is what
// was told last (its id stays; what is not known any more stays too). Nothing while there is
// nothing to tell: a telephone that does not ring yet.
std::optional<protocol::Call> describe(const calls::CallTable& table,
                                       const std::vector<const calls::Leg*>& legs,
                                       std::string_view user,
                                       const std::optional<protocol::Call>& before);

// The other party's number and name, as this leg sees them.
struct Party {
    std::string number;
    std::string name;
};
Party other_party(const calls::CallTable& table, const calls::Leg& leg);

// The variable of the leg, else of the conversation's caller; empty if neither has it.
std::string variable_of(const calls::CallTable& table, const calls::Leg& leg,
                        std::string_view name);

} // namespace astcti::routing
