// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/calls/call_table.hpp"

#include "daemon/calls/details.hpp"
#include "daemon/calls/parties.hpp"

#include <algorithm>
#include <utility>

namespace astcti::calls {
namespace {

using What = Change::What;

// An attribute of the model that is on or off.
bool turn(bool& flag, bool on) noexcept {
    return std::exchange(flag, on) != on;
}

// Nobody dialled, and yet the telephone shows a caller: it is called back.
bool rings_for_somebody(const Leg& leg) noexcept {
    return !leg.uniqueid.starts_with(our_ids) && !leg.connected_number.empty() &&
           leg.connected_number != leg.number;
}

} // namespace

CallTable::CallTable(std::string pbx, std::vector<std::string> variables)
    : pbx_(std::move(pbx)), variables_(std::move(variables)) {}

void CallTable::tell(const Leg& leg, What what) {
    if (!leg.listed_only)
        changes_.push_back({&leg, what});
}

void CallTable::tell_around(const Leg& leg) {
    for (const auto* near : around(leg))
        tell(*near, What::details);
}

// The leg of an event's first channel.
Leg* CallTable::known(const ChannelEvent& event) {
    if (event.get(Field::uniqueid).empty())
        return event.has(Field::channel) ? legs_.find_channel(event.get(Field::channel)) : nullptr;
    const auto uniqueid = event.get(Field::uniqueid);
    auto* leg = legs_.find(uniqueid);
    if (!leg) {
        // Asterisk 13 and newer says nothing of a channel that is over: perhaps it is not.
        suspicion_ |= !uniqueid.empty() && (seen_linkedid_ || !legs_.is_over(uniqueid));
        return nullptr;
    }
    // 1.8 to 11 do not say whose channel a UserEvent is of.
    const bool nameless = event.kind() == EventKind::user_event && !event.has(Field::channel);
    if (leg->has_ended() || (leg->channel != event.get(Field::channel) && !nameless))
        return nullptr;
    snapshot_.touched(*leg);
    return leg;
}

const Changes& CallTable::apply(const ami::Packet& packet, Clock now) {
    changes_.clear();
    now_ = now;
    const auto kind = kind_of(packet.event());
    if (kind == EventKind::other)
        return changes_;
    if (kind == EventKind::variable) {
        seen_variable_ = true;
        if (!keeps(packet.get(ami::key_number("Variable"))))
            return changes_;
    }
    if (kind == EventKind::listed) // there may be all of a PBX
        legs_.expect(packet.get(ami::key_number("Uniqueid")),
                     packet.get(ami::key_number("BridgeId")));
    const ChannelEvent event(packet, kind, places_.of(packet));
    seen_linkedid_ |= event.is_escaped();
    seen_connected_line_ |= event.has_connected_line();
    apply_to_any(event, now);
    return changes_;
}

void CallTable::apply_to_any(const ChannelEvent& event, Clock now) {
    switch (event.kind()) {
    case EventKind::other:
        return;
    case EventKind::began:
        begun(event, now);
        return;
    case EventKind::listed:
        listed(event, now);
        return;
    case EventKind::bridge_listed:
        bridge_listed(event);
        return;
    case EventKind::queue_listed:
        queue_listed(event);
        return;
    case EventKind::dial_begin:
    case EventKind::dial_state:
    case EventKind::dial_end:
        dial(event, now);
        return;
    case EventKind::agent_connected: {
        auto* leg = event.second().has(Field::channel) ? known(event.second()) : nullptr;
        if (leg)
            took_call(known(event), *leg);
        return;
    }
    case EventKind::linked:
        if (const auto* one = known(event))
            if (const auto* other = known(event.second()))
                link_pair(one->uniqueid, other->uniqueid);
        return;
    case EventKind::bridge_merge:
        merge_bridges(event);
        return;
    case EventKind::transfer:
        transferred(event);
        return;
    case EventKind::parked:
        parked(event);
        return;
    case EventKind::renamed:
        renamed(event);
        return;
    case EventKind::originate_response:
        originate_failed(event, now);
        return;
    default:
        if (auto* leg = known(event))
            apply_to_known(*leg, event, now);
    }
}

void CallTable::apply_to_known(Leg& leg, const ChannelEvent& event, Clock now) {
    switch (event.kind()) {
    case EventKind::changed:
        update(leg, event, now);
        return;
    case EventKind::step:
        // From 13 on every other event tells as much, and the same is told with least rights.
        if (seen_linkedid_)
            return;
        update(leg, event, now);
        literal_set(leg, event);
        return;
    case EventKind::variable:
        if (set_variable(leg, event.get(Field::variable), event.get(Field::value),
                         event.is_escaped()))
            tell(leg, What::details);
        return;
    case EventKind::user_event:
        user_event(leg, event);
        return;
    case EventKind::bridge_enter:
        update(leg, event, now);
        enter_bridge(leg, event);
        return;
    case EventKind::bridge_leave:
        if (leg.bridge && (!event.has(Field::bridge) || leg.bridge->id == event.get(Field::bridge)))
            leave_bridge(leg);
        return;
    case EventKind::unlinked:
        unlink_pair(leg, event);
        return;
    case EventKind::hold:
    case EventKind::unhold:
        if (turn(leg.holds, event.kind() == EventKind::hold))
            tell(leg, What::details);
        return;
    case EventKind::queue_joined:
        update(leg, event, now);
        if (set_text(leg.queue, event.get(Field::queue)))
            tell(leg, What::details);
        return;
    case EventKind::pickup:
        picked_up(leg, event);
        return;
    case EventKind::agent_login:
    case EventKind::agent_logoff:
        if (turn(leg.is_agent, event.kind() == EventKind::agent_login))
            tell(leg, What::details);
        return;
    case EventKind::hangup:
        snapshot_.ended(leg.uniqueid);
        end(leg, cause_from(event.get(Field::cause)), now);
        return;
    default:
        return;
    }
}

void CallTable::begun(const ChannelEvent& event, Clock now) {
    const CleanText id(event.get(Field::uniqueid));
    begin_leg(event, id, hash_of(id), now);
}

Leg* CallTable::begin_leg(const ChannelEvent& event, std::string_view clean_id, std::uint32_t hash,
                          Clock now) {
    const auto channel = event.get(Field::channel);
    if (clean_id.empty() || channel.empty())
        return nullptr;
    auto* leg = legs_.add(clean_id, hash, CleanText(channel));
    if (!leg)
        return nullptr;
    leg->start = start_of(leg->uniqueid, now);
    leg->listed_only = event.kind() == EventKind::listed;
    if (!leg->listed_only)
        snapshot_.touched(*leg);
    set_text(leg->first_extension, event.get(Field::exten));
    leg->dialled_later = !event.has(Field::exten);
    if (leg->first_extension == "s")
        leg->first_extension.clear();
    leg->places = !leg->first_extension.empty();
    // What the first event tells is part of the beginning.
    const auto before = changes_.size();
    update(*leg, event, now);
    changes_.resize(before);
    tell(*leg, What::began);
    return leg;
}

// Takes over what an event tells of a leg along the way.
void CallTable::update(Leg& leg, const ChannelEvent& event, Clock now) {
    // First, as it tells whose caller id it is.
    if (event.has(Field::state))
        set_state(leg, event.get(Field::state), now);
    bool changed = update_details(leg, event, !seen_connected_line_);
    if (leg.places && leg.dialled_later && !leg.extension.empty() && leg.extension != "s") {
        leg.first_extension = leg.extension;
        leg.dialled_later = false;
    }
    event.each_variable([&](std::string_view name, std::string_view value) {
        seen_variable_ = true;
        // channelvars=CALLERID(pres) says what no header does while a caller is who he was.
        if (name == "CALLERID(pres)")
            changed |= turn(leg.withheld, value.starts_with("prohib"));
        else
            changed |= set_variable(leg, name, value, event.is_escaped());
    });
    if (changed)
        tell(leg, What::details);
}

void CallTable::set_state(Leg& leg, std::string_view text, Clock now) {
    const auto* word = state_from(text);
    if (!word || leg.state_text == text || (leg.is_up() && word->state != LegState::up))
        return;
    leg.state_text = word->text;
    leg.state = word->state;
    if (leg.is_up() && leg.answer == 0)
        leg.answer = now;
    if (leg.state == LegState::calling && !leg.dialed)
        leg.places = true;
    if (leg.state == LegState::ringing) {
        leg.dialed = true;
        leg.places = false;
        if (leg.parent && turn(leg.parent->child_rings, true))
            tell(*leg.parent, What::details);
    }
    if (leg.is_up() && leg.parent)
        answered_elsewhere(*leg.parent, &leg, 0);
    tell(leg, What::state);
}

// Of the telephones that ring for one call the others will stop now.
void CallTable::answered_elsewhere(const Leg& parent, const Leg* answered, int depth) {
    constexpr int max_depth = 8; // Local channels that dial Local channels
    for (auto* child : parent.children) {
        if (child == answered || child->is_up() || child->has_ended())
            continue;
        child->elsewhere = true;
        if (child->other_half && depth < max_depth)
            answered_elsewhere(*child->other_half, nullptr, depth + 1);
    }
}

void CallTable::dial(const ChannelEvent& event, Clock now) {
    auto* caller = event.has(Field::channel) ? known(event) : nullptr;
    const auto second = event.second();
    auto* callee = second.has(Field::channel) ? known(second) : nullptr;
    if (caller)
        update(*caller, event, now);
    if (callee && callee != caller) {
        update(*callee, second, now);
        tie_dial(event, caller, *callee);
        if (caller && callee->parent == caller && callee->state == LegState::ringing &&
            turn(caller->child_rings, true))
            tell(*caller, What::details);
    }
    if (event.kind() == EventKind::dial_end)
        dial_ended(event, caller, callee);
}

void CallTable::tie_dial(const ChannelEvent& event, Leg* caller, Leg& callee) {
    const bool ends = event.kind() == EventKind::dial_end;
    // A telephone that takes another's call has dialled itself.
    const bool takes = ends && caller && callee.places && event.get(Field::dial_status) == "ANSWER";
    if (!takes) {
        callee.dialed = true;
        callee.places = false;
    }
    bool changed = turn(callee.dial_told, true);
    if (caller && !ends && callee.parent != caller) {
        legs_.set_parent(callee, caller);
        changed = true;
        note_ivr(callee);
        if (callee.is_up())
            answered_elsewhere(*caller, &callee, 0);
    }
    const bool for_nobody = !event.has(Field::channel) && !event.has(Field::uniqueid);
    if (for_nobody && !ends)
        changed |= turn(callee.originated, !rings_for_somebody(callee));
    if (changed)
        tell_around(callee);
}

// A caller who was answered before anybody was called for him has talked to a machine.
void CallTable::note_ivr(Leg& callee) {
    const auto* dialler = dialler_of(callee);
    callee.after_ivr = dialler && dialler->places && dialler->is_up();
}

// Whoever called somebody else has this one's call now: another telephone rang for it.
void CallTable::took_call(Leg* caller, Leg& leg) {
    if (!caller || !leg.places || caller == &leg)
        return;
    leg.picked_up = true;
    if (!leg.parent && !leg.linked)
        legs_.set_parent(leg, caller);
    tell_around(leg);
}

// The first word counts: a queue says CANCEL after NOANSWER.
void CallTable::dial_ended(const ChannelEvent& event, Leg* caller, Leg* callee) {
    if (callee) {
        if (!callee->dial_status.empty())
            return;
        set_text(callee->dial_status, event.get(Field::dial_status));
        if (callee->dial_status == "ANSWER")
            took_call(caller, *callee);
        callee->forwarded |= !event.get(Field::forward).empty();
    }
    if (!caller)
        return;
    set_text(caller->child_dial_status, event.get(Field::dial_status));
    // 1.6 to 11 tell how a dial ended, and not of whom.
    if (!event.second().has(Field::channel))
        for (auto* child : caller->children)
            if (!child->is_up() && child->dial_status.empty())
                child->dial_status = caller->child_dial_status;
}

void CallTable::end(Leg& leg, std::uint32_t cause, Clock now) {
    leg.end = now;
    leg.cause = cause;
    if (leg.bridge)
        tell_around(leg);
    legs_.end(leg);
    tell(leg, What::ended);
}

} // namespace astcti::calls
