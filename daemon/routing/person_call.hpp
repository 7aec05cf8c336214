// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/calls/call_table.hpp"
#include "daemon/calls/parties.hpp"
#include "protocol/call.hpp"
#include "protocol/number_rules.hpp"

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace astcti::routing {

// The devices of all accounts, whether their people are logged in or not.
using Desks = std::set<std::string, std::less<>>;

// What is known besides the calls.
struct Surroundings {
    const Desks& desks;
    const protocol::NumberRules& rules;
};

// How a leg of a call ended.
struct LegEnd {
    bool was_up = false;
    std::string uniqueid;
    std::string channel;
    std::string number;
    std::string name;
    calls::Clock end = 0;
    std::uint32_t cause = 0;
    protocol::EndReason reason = protocol::EndReason::none;
};

// One account's part of a conversation, as it was told last.
struct PersonCall {
    std::vector<std::string> legs; // uniqueids of the account's legs, the first one first
    std::string party;             // the channel at the other end: by its name, as a masquerade of
                                   // Asterisk 1.4 to 11 puts a telephone on another channel
    std::optional<std::string> held; // the party when it was put on hold
    std::optional<LegEnd> end;       // of the leg that has ended and counts
    protocol::Call call;
    bool told = false;
};

// What there is to tell of a call after a change.
enum class News {
    none,
    state,   // its state is another, or it is told of for the first time
    resumed, // it is answered again, after it was held
    peer,    // the other party, or what is known of it, is another
};

// The id of a call: the same after a restart, from a snapshot, and on another node.
std::string call_id(std::string_view pbx, std::string_view uniqueid, std::string_view user);

// Whether there is anything to tell of a leg that was not told of: a telephone that does not
// ring yet is nobody's call.
bool is_tellable(const calls::CallTable& table, const calls::Leg& leg) noexcept;

// Brings what was told up to date: ARCHITECTURE.md section 3.1, "told". `legs` are those of
// call.legs that the table has still, at least one.
News describe(PersonCall& call, const calls::CallTable& table,
              const std::vector<const calls::Leg*>& legs, std::string_view user,
              const Surroundings& surroundings);

} // namespace astcti::routing
