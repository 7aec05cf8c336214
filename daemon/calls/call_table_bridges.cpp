// SPDX-License-Identifier: GPL-3.0-or-later
// Who talks with whom: bridges, and the pairs of channels that Asterisk 1.4 to 11 told of.
#include "daemon/calls/call_table.hpp"
#include "daemon/calls/details.hpp"
#include "daemon/calls/parties.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace astcti::calls {

using What = Change::What;

namespace {

// Asterisk names the two in either order.
std::string pair_id(const Leg& one, const Leg& other) {
    const auto [first, second] = std::minmax({one.uniqueid.view(), other.uniqueid.view()});
    return fmt::format("link {} {}", first, second);
}

// All that is around it will be told of at the end of the list.
bool is_among_untold(const Leg& leg) noexcept {
    return leg.listed_only && !leg.parent && leg.children.empty() &&
           std::ranges::all_of(leg.bridge->members, [](const Leg* member) {
               return member->listed_only && !member->is_local();
           });
}

} // namespace

void CallTable::enter_bridge(Leg& leg, const ChannelEvent& event) {
    const CleanText id(event.get(Field::bridge));
    if (id.empty())
        return;
    if (leg.bridge && leg.bridge->id != id.view())
        leave_bridge(leg);
    joined(leg, legs_.enter(leg, id), event);
}

void CallTable::joined(Leg& leg, Bridge& bridge, const ChannelEvent& event) {
    if (event.has(Field::bridge_technology))
        bridge.holding = event.get(Field::bridge_technology) == "holding_bridge";
    if (event.has(Field::bridge_creator))
        bridge.conference = event.get(Field::bridge_creator) == "ConfBridge";
    link(leg);
    if (!is_among_untold(leg))
        tell_around(leg);
}

void CallTable::link(Leg& leg) {
    if (!leg.bridge->ties() || leg.bridge->members.size() < 2)
        return;
    // The second one links the first one as well; those who were there before are linked.
    const auto& members = leg.bridge->members;
    const std::array joining{&leg, members.size() == 2 ? members.front() : &leg};
    for (auto* joined : joining) {
        if (joined->linked)
            continue;
        joined->linked = true;
        if (const auto* dialler = joined->dialed ? dialler_of(*joined) : nullptr) {
            joined->carried.assign(dialler->variables.begin(), dialler->variables.end());
            joined->link_context = dialler->context;
        }
        tell(*joined, What::linked);
    }
}

void CallTable::leave_bridge(Leg& leg) {
    const auto before = around(leg);
    legs_.leave(leg);
    for (const auto* near : before)
        tell(*near, What::details);
}

void CallTable::merge_bridges(const ChannelEvent& event) {
    const CleanText to(event.get(Field::to_bridge));
    const auto* from = legs_.find_bridge(event.get(Field::bridge));
    if (!from || to.empty())
        return;
    const auto moved = from->members;
    legs_.move_all(event.get(Field::bridge), to);
    for (auto* leg : moved) {
        link(*leg);
        tell_around(*leg);
    }
}

// A pair is a bridge of its own; each Link of the same two is the same one.
void CallTable::link_pair(std::string_view one, std::string_view other) {
    auto* first = legs_.find(one);
    auto* second = legs_.find(other);
    if (!first || !second || first == second || first->has_ended() || second->has_ended())
        return;
    if (first->bridge && first->bridge == second->bridge)
        return;
    leave_bridge(*first);
    leave_bridge(*second);
    const auto id = pair_id(*first, *second);
    legs_.enter(*first, id);
    legs_.enter(*second, id);
    link(*first);
    tell_around(*first);
}

void CallTable::unlink_pair(Leg& one, const ChannelEvent& event) {
    auto* other = known(event.second());
    if (!other)
        return;
    const auto id = pair_id(one, *other);
    // A list may have told of one of them already.
    for (auto* leg : {&one, other})
        if (leg->bridge && leg->bridge->id == id)
            leave_bridge(*leg);
}

} // namespace astcti::calls
