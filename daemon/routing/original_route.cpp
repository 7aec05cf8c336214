// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/routing/original_route.hpp"

#include "daemon/calls/parties.hpp"

namespace astcti::routing {
namespace {

using calls::Change;
using calls::Leg;
using calls::LegState;
using protocol::OriginalEvent;

struct Party {
    std::string_view number;
    std::string_view name;
};

// The caller, for a telephone that is called; else the telephone's own number.
Party caller_id(const Leg& leg) {
    if (!leg.dialed)
        return {leg.number, leg.name};
    if (!leg.connected_number.empty() || !leg.connected_name.empty())
        return {leg.connected_number, leg.connected_name};
    const auto* caller = calls::dialler_of(leg);
    return caller ? Party{caller->number, caller->name} : Party{};
}

OriginalEvent with_call(OriginalEvent::Kind kind, const Leg& leg) {
    const auto caller = caller_id(leg);
    OriginalEvent event;
    event.kind = kind;
    event.uniqueid = leg.uniqueid;
    event.channel = leg.channel;
    event.caller_number = caller.number;
    event.caller_name = caller.name;
    return event;
}

// Link and Hangup also had what was known of the whole call.
OriginalEvent with_all(OriginalEvent::Kind kind, const Leg& leg) {
    auto event = with_call(kind, leg);
    const auto* caller = leg.dialed ? calls::dialler_of(leg) : nullptr;
    event.appdata = calls::value_of(leg.variables, "calldata");
    if (leg.dialed && leg.linked) {
        event.context = leg.link_context;
        if (event.appdata.empty())
            event.appdata = calls::value_of(leg.carried, "calldata");
    } else {
        event.context = caller ? caller->context : leg.context;
        if (event.appdata.empty() && caller)
            event.appdata = calls::value_of(caller->variables, "calldata");
    }
    return event;
}

} // namespace

std::optional<OriginalEvent> original_event(const Change& change) {
    const auto& leg = *change.leg;
    switch (change.what) {
    case Change::What::state:
        if (leg.state == LegState::ringing) {
            auto event = with_call(OriginalEvent::Kind::new_caller_id, leg);
            event.context = leg.context;
            return event;
        } else {
            auto event = with_call(OriginalEvent::Kind::new_state, leg);
            event.state = leg.state_text;
            return event;
        }
    case Change::What::linked:
        if (leg.dialed)
            return with_all(OriginalEvent::Kind::link, leg);
        return std::nullopt;
    case Change::What::ended:
        return with_all(OriginalEvent::Kind::hangup, leg);
    case Change::What::renamed:
    case Change::What::began:
    case Change::What::details:
        return std::nullopt;
    }
    return std::nullopt;
}

} // namespace astcti::routing
