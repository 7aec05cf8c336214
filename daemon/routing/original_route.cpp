// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/routing/original_route.hpp"

#include "daemon/routing/person_call.hpp"

namespace astcti::routing {
namespace {

using calls::Change;
using calls::Leg;
using calls::LegState;
using protocol::OriginalEvent;

// The caller, for a telephone that is called; else the telephone's own number.
Party caller_id(const calls::CallTable& table, const Leg& leg) {
    return leg.dialed ? other_party(table, leg) : Party{leg.number, leg.name};
}

OriginalEvent with_call(OriginalEvent::Kind kind, const calls::CallTable& table, const Leg& leg) {
    const auto caller = caller_id(table, leg);
    OriginalEvent event;
    event.kind = kind;
    event.uniqueid = leg.uniqueid;
    event.channel = leg.channel;
    event.caller_number = caller.number;
    event.caller_name = caller.name;
    return event;
}

// Link and Hangup also had what was known of the whole call.
OriginalEvent with_all(OriginalEvent::Kind kind, const calls::CallTable& table, const Leg& leg) {
    auto event = with_call(kind, table, leg);
    event.context = leg.linked && leg.dialed ? leg.link_context : table.caller_of(leg).context;
    event.appdata = variable_of(table, leg, "calldata");
    if (const auto found = leg.link_variables.find("calldata");
        event.appdata.empty() && found != leg.link_variables.end())
        event.appdata = found->second;
    return event;
}

} // namespace

std::optional<OriginalEvent> original_event(const calls::CallTable& table, const Change& change) {
    const auto& leg = *change.leg;
    switch (change.what) {
    case Change::What::state:
        if (leg.state == LegState::ringing) {
            auto event = with_call(OriginalEvent::Kind::new_caller_id, table, leg);
            event.context = leg.context;
            return event;
        } else {
            auto event = with_call(OriginalEvent::Kind::new_state, table, leg);
            event.state = leg.state_text;
            return event;
        }
    case Change::What::linked:
        if (leg.dialed)
            return with_all(OriginalEvent::Kind::link, table, leg);
        return std::nullopt;
    case Change::What::ended:
        return with_all(OriginalEvent::Kind::hangup, table, leg);
    case Change::What::began:
    case Change::What::details:
        return std::nullopt;
    }
    return std::nullopt;
}

} // namespace astcti::routing
