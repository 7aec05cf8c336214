// SPDX-License-Identifier: GPL-3.0-or-later
// What there is: the answers to CoreShowChannels (Status in 1.4), BridgeList and QueueStatus.
// ARCHITECTURE.md section 3.2.
#include "daemon/calls/call_table.hpp"
#include "daemon/calls/details.hpp"
#include "daemon/calls/parties.hpp"

#include <algorithm>
#include <utility>

namespace astcti::calls {
namespace {

using What = Change::What;

bool is_outgoing(std::string_view application) noexcept {
    return application == "AppDial" || application == "AppDial2" || application == "AppQueue";
}

} // namespace

void CallTable::begin_snapshot() {
    // The one before was not completed: what it told may have changed since.
    if (snapshot_.is_active())
        for (auto& leg : legs_.all())
            leg.listed_as_called = false;
    snapshot_.begin();
    untrue_.list_begun();
}

void CallTable::listed_in_part(const ami::Packet& item) {
    const CleanText channel(item.get("Channel"));
    auto* leg = channel.empty() ? nullptr : legs_.find_channel(channel);
    if (leg && snapshot_.is_active())
        snapshot_.mentioned(*leg);
}

void CallTable::doubt(const ami::Packet& packet) {
    if (kind_of(packet.event()) != EventKind::hangup)
        return;
    const ChannelEvent event(packet);
    const auto* leg = legs_.find(event.get(Field::uniqueid));
    if (leg && !leg->has_ended() && leg->channel == event.get(Field::channel))
        untrue_.doubt(leg->uniqueid, cause_from(event.get(Field::cause)));
}

void CallTable::bridge_listed(const ChannelEvent& event) {
    const bool holding = event.get(Field::bridge_technology) == "holding_bridge";
    const bool conference = event.get(Field::bridge_creator) == "ConfBridge";
    if (snapshot_.is_active())
        snapshot_.bridge(event.get(Field::bridge), holding, conference);
    if (auto* bridge = legs_.find_bridge(event.get(Field::bridge))) {
        bridge->holding = holding;
        bridge->conference = conference;
    }
}

void CallTable::queue_listed(const ChannelEvent& event) {
    const auto uniqueid = event.get(Field::uniqueid);
    const CleanText queue(event.get(Field::queue));
    auto* leg = legs_.find(uniqueid);
    if (!leg) {
        if (snapshot_.is_active())
            snapshot_.queue(uniqueid, queue);
        return;
    }
    if (leg->channel == event.get(Field::channel) && !leg->has_ended() &&
        set_text(leg->queue, queue))
        tell(*leg, What::details);
}

// Whom a channel talks with, as Asterisk 1.4 to 11 list it.
const Leg* CallTable::bridged_with(const ChannelEvent& event) {
    if (const auto uniqueid = event.get(Field::bridged); !uniqueid.empty())
        return legs_.find(uniqueid);
    const auto channel = event.get(Field::bridged_channel);
    return channel.empty() ? nullptr : legs_.find_channel(channel);
}

void CallTable::listed(const ChannelEvent& event, Clock now) {
    const CleanText id(event.get(Field::uniqueid));
    const auto hash = hash_of(id);
    if (!snapshot_.is_active() || id.empty() || snapshot_.has_ended(id, hash))
        return;
    auto* leg = legs_.find(id, hash);
    if (leg)
        snapshot_.mentioned(*leg);
    if (leg && (snapshot_.is_fresher(*leg) || leg->has_ended() ||
                leg->channel != event.get(Field::channel)))
        return;
    const bool is_new = leg == nullptr;
    if (is_new && legs_.is_over(id, hash)) {
        if (!untrue_.is_listed_again(id))
            return;
        legs_.remember_no_end(id);
    }
    if (is_new)
        leg = begin_leg(event, id, hash, now);
    if (!leg)
        return;
    snapshot_.mentioned(*leg);

    const auto application = event.get(Field::application);
    if (is_outgoing(application)) {
        leg->dialed = leg->listed_as_called = true;
        leg->places = false;
    }
    leg->is_agent |= application == "AgentLogin";
    if (is_new) {
        leg->dial_told = true; // as far as it ever will be
        leg->queue = snapshot_.queue(id);
    }
    if (!is_new)
        update(*leg, event, now);

    const CleanText bridge(event.get(Field::bridge));
    if (!bridge.empty()) {
        if (leg->bridge && leg->bridge->id != bridge.view())
            leave_bridge(*leg);
        auto& entered = legs_.enter(*leg, bridge);
        const auto [holding, conference] = snapshot_.bridge(bridge);
        entered.holding |= holding;
        entered.conference |= conference || application == "ConfBridge";
        joined(*leg, entered, event);
    } else if (const auto* other = bridged_with(event); other && other != leg) {
        link_pair(id, other->uniqueid);
    } else if (leg->bridge) {
        leave_bridge(*leg);
    }
}

// Who called it is not told any more.
void CallTable::tie_hinted(Leg& leg, Leg& caller) {
    legs_.set_parent(leg, &caller);
    caller.child_rings |= leg.state == LegState::ringing;
    note_ivr(leg);
}

const Changes& CallTable::end_snapshot(Clock now) {
    changes_.clear();
    if (!snapshot_.is_active())
        return changes_;
    std::vector<Leg*> gone;
    std::vector<Leg*> found;
    std::vector<Leg*> untied; // who called them is not known
    found.reserve(legs_.all().size());
    changes_.reserve(legs_.all().size());
    for (auto& leg : legs_.all()) {
        if (leg.has_ended())
            continue;
        if (!snapshot_.is_there(leg)) {
            gone.push_back(&leg);
            continue;
        }
        if (!leg.listed_only && !leg.listed_as_called)
            continue;
        found.push_back(&leg);
        leg.listed_only = false;
        if (!std::exchange(leg.listed_as_called, false))
            continue;
        leg.dial_told = true;
        if (!leg.is_up() && !leg.bridge && !leg.parent)
            untied.push_back(&leg);
    }
    sort_by_beginning(gone);
    sort_by_beginning(untied);
    for (auto* leg : untied) {
        auto* caller = legs_.find(leg->linkedid);
        if (caller && caller != leg && !caller->has_ended())
            tie_hinted(*leg, *caller);
    }
    for (const auto* leg : found) {
        // Of a pair the first has told of both.
        if (leg->told_in == snapshot_.number() && is_in_pair(*leg))
            continue;
        for (const auto* near : around(*leg))
            if (std::exchange(near->told_in, snapshot_.number()) != snapshot_.number())
                tell(*near, What::details);
    }
    for (auto* leg : gone) {
        const auto cause = untrue_.cause_of(leg->uniqueid);
        leg->gone = cause ? Gone::hung_up : Gone::unlisted;
        end(*leg, cause.value_or(0), now);
    }
    suspicion_ |= untrue_.list_ended([this](std::string_view id) {
        const auto* leg = legs_.find(id);
        return leg && !leg->has_ended();
    });
    snapshot_.end();
    return changes_;
}

const Changes& CallTable::end_all(Clock now) {
    changes_.clear();
    for (auto& leg : legs_.all()) {
        if (leg.has_ended())
            continue;
        leg.gone = Gone::lost;
        leg.listed_only = false;
        end(leg, 0, now);
    }
    snapshot_.end();
    return changes_;
}

} // namespace astcti::calls
