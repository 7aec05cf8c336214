// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/calls/call_table.hpp"

#include "daemon/ami/text.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace astcti::calls {
namespace {

using ami::Packet;
using What = Change::What;

// "Uniqueid", or "DestUniqueid" of the second channel of an event.
std::string_view get(const Packet& event, std::string_view prefix, std::string_view key) {
    fmt::basic_memory_buffer<char, 64> name;
    name.append(prefix);
    name.append(key);
    return event.get({name.data(), name.size()});
}

std::optional<LegState> state_from(std::string_view text) noexcept {
    if (text == "Up")
        return LegState::up;
    if (text == "Ringing")
        return LegState::ringing;
    if (text == "Ring")
        return LegState::calling;
    if (text == "Down" || text == "Rsrvd" || text == "Dialing" || text == "Pre-ring")
        return LegState::down;
    return std::nullopt;
}

bool set(std::string& field, std::string value) {
    if (field == value)
        return false;
    field = std::move(value);
    return true;
}

// Escaping came with Asterisk 13, and so did Linkedid in every event.
std::string readable(const Packet& event, std::string_view value) {
    return ami::clean_text(event.find("Linkedid") ? ami::unescape(value) : std::string(value));
}

// A Uniqueid is [SYSTEM-]SECONDS.SERIAL, with the moment at which the channel began: the same
// after a restart. Anything else, and a clock that is far from ours, is not believed.
Clock start_of(std::string_view uniqueid, Clock now) noexcept {
    constexpr Clock second = 1000000;
    constexpr Clock day = 86400 * second;
    if (const auto dash = uniqueid.rfind('-'); dash != uniqueid.npos)
        uniqueid.remove_prefix(dash + 1);
    Clock seconds = 0;
    const auto [end, error] =
        std::from_chars(uniqueid.data(), uniqueid.data() + uniqueid.size(), seconds);
    if (error != std::errc{} || end == uniqueid.data() + uniqueid.size() || *end != '.')
        return now;
    const bool plausible = seconds < now / second + 60 && seconds * second + day > now;
    return plausible ? seconds * second : now;
}

std::uint32_t number(std::string_view text) noexcept {
    std::uint32_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value <= 255 ? value : 0;
}

} // namespace

CallTable::CallTable(std::string pbx, std::vector<std::string> variables)
    : pbx_(std::move(pbx)), variables_(std::move(variables)) {}

Leg* CallTable::find_mutable(std::string_view uniqueid) noexcept {
    const auto found = legs_.find(uniqueid);
    return found == legs_.end() ? nullptr : &found->second;
}

const Leg* CallTable::find(std::string_view uniqueid) const noexcept {
    const auto found = legs_.find(uniqueid);
    return found == legs_.end() ? nullptr : &found->second;
}

// The leg of an event: its Channel and its Uniqueid must belong together, since a caller can
// forge an event but does not know both.
Leg* CallTable::known(const Packet& event, std::string_view prefix) {
    auto* leg = find_mutable(get(event, prefix, "Uniqueid"));
    if (!leg || leg->end != 0 || leg->channel != get(event, prefix, "Channel"))
        return nullptr;
    return leg;
}

std::vector<Change> CallTable::apply(const Packet& event, Clock now) {
    Changes changes;
    const auto name = event.event();
    if (name == "Newchannel") {
        begin_leg(event, now, changes);
    } else if (name == "CoreShowChannel" || name == "QueueEntry") {
        snapshot_item(event, now, changes);
    } else if (name == "DialBegin" || name == "DialState") {
        dial(event, now, changes);
    } else if (name == "DialEnd") {
        dial_ended(event, now, changes);
    } else if (auto* leg = known(event, "")) {
        if (name == "Hangup") {
            hang_up(*leg, event, now, changes);
        } else if (name == "VarSet") {
            var_set(*leg, event, changes);
        } else if (name == "BridgeEnter" || name == "Newstate" || name == "NewCallerid" ||
                   name == "NewConnectedLine" || name == "QueueCallerJoin") {
            update(*leg, event, "", now, changes);
            if (name == "BridgeEnter")
                bridge_entered(*leg, event, changes);
            else if (name == "QueueCallerJoin" &&
                     set(leg->queue, ami::clean_text(event.get("Queue"))))
                changes.push_back({leg, What::details});
        } else if (name == "BridgeLeave") {
            leg->bridge.clear();
        }
    }
    return changes;
}

void CallTable::begin_leg(const Packet& event, Clock now, Changes& changes) {
    const auto uniqueid = event.get("Uniqueid");
    const auto channel = event.get("Channel");
    if (uniqueid.empty() || channel.empty() || legs_.size() >= max_legs || find(uniqueid))
        return;
    auto& leg = legs_[std::string(uniqueid)];
    leg.uniqueid = ami::clean_text(uniqueid);
    leg.channel = ami::clean_text(channel);
    leg.device = device_of(leg.channel);
    leg.start = start_of(leg.uniqueid, now);
    leg.first_extension = ami::clean_text(event.get("Exten"));
    if (in_snapshot_)
        mentioned_.insert(std::string(uniqueid));
    Changes first; // are part of the beginning
    update(leg, event, "", now, first);
    changes.push_back({&leg, What::began});
}

// Takes over what an event tells of a leg along the way.
void CallTable::update(Leg& leg, const Packet& event, std::string_view prefix, Clock now,
                       Changes& changes) {
    bool changed = false;
    const auto plain = [&](std::string& field, std::string_view key) {
        changed |= set(field, ami::clean_text(get(event, prefix, key)));
    };
    plain(leg.linkedid, "Linkedid");
    plain(leg.number, "CallerIDNum");
    plain(leg.connected_number, "ConnectedLineNum");
    plain(leg.context, "Context");
    plain(leg.extension, "Exten");
    changed |= set(leg.name, readable(event, get(event, prefix, "CallerIDName")));
    changed |= set(leg.connected_name, readable(event, get(event, prefix, "ConnectedLineName")));
    read_variables(leg, event, prefix.empty() ? "ChanVariable" : "DestChanVariable", changed);
    if (changed)
        changes.push_back({&leg, What::details});
    set_state(leg, get(event, prefix, "ChannelStateDesc"), now, changes);
}

void CallTable::set_state(Leg& leg, std::string_view text, Clock now, Changes& changes) {
    const auto state = state_from(text);
    if (!state || leg.state_text == text)
        return;
    leg.state_text = text;
    leg.state = *state;
    if (leg.state == LegState::up && leg.answer == 0)
        leg.answer = now;
    if (leg.state == LegState::ringing)
        leg.dialed = true;
    changes.push_back({&leg, What::state});
}

void CallTable::read_variables(Leg& leg, const Packet& event, std::string_view key, bool& changed) {
    for (const auto& header : event.headers()) {
        if (!ami::same_key(header.key, key))
            continue;
        const auto equals = header.value.find('=');
        if (equals != header.value.npos)
            changed |= set_variable(leg, header.value.substr(0, equals),
                                    readable(event, header.value.substr(equals + 1)));
    }
}

bool CallTable::set_variable(Leg& leg, std::string_view name, std::string value) {
    if (std::find(variables_.begin(), variables_.end(), name) == variables_.end())
        return false;
    const auto found = leg.variables.find(name);
    if (found == leg.variables.end())
        return !value.empty() && leg.variables.emplace(name, std::move(value)).second;
    return set(found->second, std::move(value));
}

void CallTable::var_set(Leg& leg, const Packet& event, Changes& changes) {
    if (set_variable(leg, event.get("Variable"), readable(event, event.get("Value"))))
        changes.push_back({&leg, What::details});
}

void CallTable::dial(const Packet& event, Clock now, Changes& changes) {
    auto* caller = known(event, "");
    auto* callee = known(event, "Dest");
    if (caller)
        update(*caller, event, "", now, changes);
    if (!callee)
        return;
    callee->dialed = true;
    if (caller && caller != callee)
        callee->dialed_by = caller->uniqueid;
    if (!callee->dial_told) {
        callee->dial_told = true;
        changes.push_back({callee, What::details});
    }
    update(*callee, event, "Dest", now, changes);
    if (caller && callee->state == LegState::ringing && !caller->child_rings) {
        caller->child_rings = true;
        changes.push_back({caller, What::details});
    }
}

void CallTable::dial_ended(const Packet& event, Clock now, Changes& changes) {
    dial(event, now, changes);
    const auto status = ami::clean_text(event.get("DialStatus"));
    if (auto* callee = known(event, "Dest"))
        callee->dial_status = status;
    if (auto* caller = known(event, "")) {
        caller->child_dial_status = status;
    }
}

void CallTable::bridge_entered(Leg& leg, const Packet& event, Changes& changes) {
    leg.bridge = ami::clean_text(event.get("BridgeUniqueid"));
    if (leg.bridge.empty())
        return;
    for (auto& [id, other] : legs_) {
        if (&other == &leg || other.bridge != leg.bridge || other.end != 0)
            continue;
        for (auto* joined : {&leg, &other}) {
            if (joined->linked)
                continue;
            joined->linked = true;
            if (joined->dialed) {
                const auto& caller = caller_of(*joined);
                joined->link_context = caller.context;
                joined->link_variables = caller.variables;
            }
            changes.push_back({joined, What::linked});
        }
    }
}

void CallTable::snapshot_item(const Packet& event, Clock now, Changes& changes) {
    const auto uniqueid = event.get("Uniqueid");
    if (ended_meanwhile_.contains(uniqueid))
        return;
    if (event.event() == "QueueEntry") {
        auto* leg = known(event, "");
        if (leg && set(leg->queue, ami::clean_text(event.get("Queue"))))
            changes.push_back({leg, What::details});
        return;
    }
    const bool is_known = find(uniqueid) != nullptr;
    const bool is_old = stale_.contains(uniqueid);
    mentioned_.emplace(uniqueid);
    if (is_known && !is_old) // what the live events told is fresher
        return;
    if (!is_known)
        begin_leg(event, now, changes);
    auto* leg = known(event, "");
    if (!leg)
        return;
    if (is_known)
        update(*leg, event, "", now, changes);
    const auto application = event.get("Application");
    leg->dialed |= application == "AppDial" || application == "AppQueue";
    leg->dial_told = true; // as far as it ever will be
    leg->bridge = ami::clean_text(event.get("BridgeId"));
    leg->linked |= !leg->bridge.empty();
}

void CallTable::hang_up(Leg& leg, const Packet& event, Clock now, Changes& changes) {
    if (in_snapshot_)
        ended_meanwhile_.insert(leg.uniqueid);
    end(leg, number(event.get("Cause")), now, changes);
}

void CallTable::end(Leg& leg, std::uint32_t cause, Clock now, Changes& changes) {
    leg.end = now;
    leg.cause = cause;
    leg.bridge.clear();
    changes.push_back({&leg, What::ended});
}

void CallTable::begin_snapshot() {
    in_snapshot_ = true;
    mentioned_.clear();
    ended_meanwhile_.clear();
    stale_.clear();
    for (const auto& [id, leg] : legs_)
        stale_.insert(id);
}

std::vector<Change> CallTable::end_snapshot(Clock now) {
    Changes changes;
    for (auto& [id, leg] : legs_)
        if (leg.end == 0 && !mentioned_.contains(id))
            end(leg, 0, now, changes);
    in_snapshot_ = false;
    mentioned_.clear();
    ended_meanwhile_.clear();
    stale_.clear();
    return changes;
}

std::vector<Change> CallTable::end_all(Clock now) {
    Changes changes;
    for (auto& [id, leg] : legs_) {
        if (leg.end != 0)
            continue;
        leg.lost = true;
        end(leg, 0, now, changes);
    }
    in_snapshot_ = false;
    return changes;
}

void CallTable::sweep() {
    std::erase_if(legs_, [](const auto& entry) { return entry.second.end != 0; });
}

const Leg& CallTable::caller_of(const Leg& leg) const noexcept {
    const auto* at = &leg;
    // A chain of forwards is short; the bound keeps a forged circle from being one.
    for (int i = 0; i < 16 && !at->dialed_by.empty(); ++i) {
        const auto* next = find(at->dialed_by);
        if (!next)
            break;
        at = next;
    }
    if (at != &leg || !leg.dialed)
        return *at;
    for (const auto& [id, other] : legs_)
        if (&other != &leg && !leg.bridge.empty() && other.bridge == leg.bridge && !other.dialed)
            return other;
    if (const auto* linked = find(leg.linkedid))
        return *linked;
    return *at;
}

} // namespace astcti::calls
