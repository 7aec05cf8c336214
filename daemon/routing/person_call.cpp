// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/routing/person_call.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace astcti::routing {
namespace {

using calls::CallTable;
using calls::Leg;
using calls::LegState;
using protocol::Call;
using protocol::CallState;
using protocol::Direction;
using protocol::EndReason;

constexpr std::string_view calldata = "calldata";

constexpr std::uint32_t cause_busy = 17; // ITU-T Q.850
constexpr std::uint32_t cause_no_answer = 19;
constexpr std::uint32_t cause_rejected = 21;
constexpr std::uint32_t cause_answered_elsewhere = 26;

std::optional<CallState> state_of(const Leg& leg) noexcept {
    if (leg.end != 0)
        return CallState::ended;
    if (leg.state == LegState::up)
        return CallState::answered;
    if (leg.dialed) {
        const bool rings = leg.state == LegState::ringing && leg.dial_told;
        return rings ? std::optional(CallState::ringing) : std::nullopt;
    }
    if (leg.child_rings)
        return CallState::alerting;
    return leg.state == LegState::calling ? std::optional(CallState::dialing) : std::nullopt;
}

// Of two telephones of one person the one that is further counts; one that ended does not.
int rank(const Leg& leg) noexcept {
    const auto state = state_of(leg);
    if (!state)
        return 0;
    return *state == CallState::ended ? (leg.answer != 0 ? 2 : 1) : 3 + static_cast<int>(*state);
}

const Leg& leading(const std::vector<const Leg*>& legs) noexcept {
    return **std::max_element(legs.begin(), legs.end(),
                              [](const Leg* a, const Leg* b) { return rank(*a) < rank(*b); });
}

EndReason reason_from_status(std::string_view status) noexcept {
    if (status == "NOANSWER")
        return EndReason::no_answer;
    if (status == "BUSY")
        return EndReason::busy;
    if (status == "CANCEL")
        return EndReason::cancelled;
    if (status == "CONGESTION" || status == "CHANUNAVAIL")
        return EndReason::failed;
    return EndReason::none;
}

EndReason reason_of(const Leg& leg) noexcept {
    if (leg.lost)
        return EndReason::failed;
    if (leg.answer != 0)
        return EndReason::normal;
    if (leg.cause == cause_answered_elsewhere)
        return EndReason::answered_elsewhere;
    if (leg.cause == cause_rejected)
        return EndReason::rejected;
    const auto status = reason_from_status(leg.dialed ? leg.dial_status : leg.child_dial_status);
    if (status != EndReason::none)
        return status;
    if (leg.cause == cause_busy)
        return EndReason::busy;
    if (leg.cause == cause_no_answer)
        return EndReason::no_answer;
    // Without a cause nobody hung up: the channel vanished while the PBX was away.
    return leg.cause == 0 && leg.dial_status.empty() ? EndReason::failed : EndReason::cancelled;
}

void take(std::string& field, std::string_view value) {
    if (!value.empty())
        field = value;
}

void describe_parties(Call& call, const CallTable& table, const Leg& leg) {
    const auto party = other_party(table, leg);
    if (!party.number.empty() || !party.name.empty()) {
        call.peer_number = party.number;
        call.peer_name = party.name;
    }
    const auto& caller = table.caller_of(leg);
    const bool caller_is_gone = leg.dialed && &caller == &leg;
    if (caller_is_gone)
        return;
    if (call.called_number.empty())
        call.called_number = caller.first_extension;
    take(call.context, caller.context);
    take(call.queue, caller.queue);
}

void describe_variables(Call& call, const CallTable& table, const Leg& leg) {
    take(call.calldata, variable_of(table, leg, calldata));
    const auto collect = [&call](const Leg& from) {
        for (const auto& [name, value] : from.variables) {
            if (name == calldata || value.empty())
                continue;
            const auto same = [&name = name](const auto& entry) { return entry.first == name; };
            const auto found = std::find_if(call.variables.begin(), call.variables.end(), same);
            if (found == call.variables.end())
                call.variables.emplace_back(name, value);
            else
                found->second = value;
        }
    };
    collect(table.caller_of(leg));
    collect(leg);
}

} // namespace

std::string call_id(std::string_view pbx, std::string_view uniqueid, std::string_view user) {
    return fmt::format("{}:{}:{}", pbx, uniqueid, user);
}

Party other_party(const CallTable& table, const Leg& leg) {
    if (!leg.connected_number.empty() || !leg.connected_name.empty())
        return {leg.connected_number, leg.connected_name};
    if (!leg.dialed)
        return {leg.first_extension, {}};
    const auto& caller = table.caller_of(leg);
    return &caller == &leg ? Party{} : Party{caller.number, caller.name};
}

std::string variable_of(const CallTable& table, const Leg& leg, std::string_view name) {
    for (const auto* from : {&leg, &table.caller_of(leg)}) {
        const auto found = from->variables.find(name);
        if (found != from->variables.end() && !found->second.empty())
            return found->second;
    }
    return {};
}

std::optional<Call> describe(const CallTable& table, const std::vector<const Leg*>& legs,
                             std::string_view user, const std::optional<Call>& before) {
    const auto& leg = leading(legs);
    const auto state = state_of(leg);
    if (!state || (*state == CallState::ended && !before))
        return std::nullopt;

    auto call = before.value_or(Call{});
    if (!before) {
        call.pbx = table.pbx();
        call.id = call_id(table.pbx(), legs.front()->uniqueid, user);
        call.direction = leg.dialed ? Direction::inbound : Direction::outbound;
        call.start = legs.front()->start;
    }
    call.state = *state;
    call.uniqueid = leg.uniqueid;
    call.channel = leg.channel;
    take(call.linkedid, leg.linkedid);
    describe_parties(call, table, leg);
    describe_variables(call, table, leg);
    if (call.answer == 0)
        call.answer = leg.answer;
    if (*state == CallState::ended) {
        call.end = leg.end;
        call.cause = leg.cause;
        call.end_reason = reason_of(leg);
    }
    return call;
}

} // namespace astcti::routing
