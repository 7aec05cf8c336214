// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/calls/leg_table.hpp"

#include <algorithm>

namespace astcti::calls {
namespace {

// The other half of "Local/201@x-00000001;1".
std::string other_half_of(std::string_view channel) {
    std::string other(channel);
    other.back() = other.back() == '1' ? '2' : '1';
    return other;
}

bool is_half(std::string_view channel) noexcept {
    return device_of(channel).size() != channel.size() &&
           (channel.ends_with('1') || channel.ends_with('2')) &&
           (channel[channel.size() - 2] == ';' || channel[channel.size() - 2] == ',');
}

} // namespace

void LegTable::name(Leg& leg, std::string_view channel) {
    leg.channel = channel;
    leg.device_hash = hash_of(device_of(channel));
    leg.has_local_channel = channel.starts_with("Local/");
    by_device_.add(leg);
}

Leg* LegTable::add(std::string_view uniqueid, std::uint32_t hash, std::string_view channel) {
    if (legs_.size() >= max_legs || over_.find(uniqueid, hash))
        return nullptr;
    const auto [leg, is_new] = legs_.add(uniqueid, hash);
    if (!is_new)
        return nullptr;
    name(*leg, channel);
    if (leg->is_local() && is_half(leg->channel))
        pair(*leg);
    return leg;
}

void LegTable::pair(Leg& local) {
    if (const auto waiting = halves_.find(local.channel.view()); waiting != halves_.end()) {
        local.other_half = waiting->second;
        waiting->second->other_half = &local;
        halves_.erase(waiting);
    } else {
        halves_.insert_or_assign(other_half_of(local.channel), &local);
    }
}

Leg* LegTable::find_channel(std::string_view channel) noexcept {
    // Of two with one name, which only a forged event can bring, the one with the later id.
    const auto is_later = [](const Leg& a, const Leg* b) {
        return !b || std::pair(a.uniqueid.size(), a.uniqueid.view()) >
                         std::pair(b->uniqueid.size(), b->uniqueid.view());
    };
    Leg* found = nullptr;
    for (auto& leg : legs_)
        if (leg.channel == channel && !leg.has_ended() && is_later(leg, found))
            found = &leg;
    return found;
}

void LegTable::set_parent(Leg& child, Leg* parent) {
    if (child.parent == parent)
        return;
    if (child.parent)
        std::erase(child.parent->children, &child);
    child.parent = parent;
    if (parent)
        parent->children.push_back(&child);
}

Bridge& LegTable::enter(Leg& leg, std::string_view id) {
    if (leg.bridge && leg.bridge->id == id)
        return *leg.bridge;
    take_out(leg);
    auto* bridge = bridges_.add(id).first;
    bridge->members.push_back(leg);
    leg.bridge = bridge;
    return *bridge;
}

void LegTable::leave(Leg& leg) {
    if (!leg.bridge)
        return;
    take_out(leg);
    set_parent(leg, nullptr);
    const auto children = leg.children;
    for (auto* child : children)
        if (child->is_up())
            set_parent(*child, nullptr);
}

void LegTable::take_out(Leg& leg) {
    if (!leg.bridge)
        return;
    auto* bridge = std::exchange(leg.bridge, nullptr);
    bridge->members.erase(leg);
    if (bridge->members.empty())
        bridges_.erase(bridge->id);
}

void LegTable::move_all(std::string_view from, std::string_view to) {
    const auto* bridge = find_bridge(from);
    if (!bridge || from == to)
        return;
    const auto members = bridge->members;
    for (auto* leg : members) {
        leave(*leg);
        enter(*leg, to);
    }
}

void LegTable::rename(Leg& leg, std::string_view channel) {
    unpair(leg);
    by_device_.remove(leg);
    name(leg, channel);
}

void LegTable::end(Leg& leg) {
    take_out(leg);
    if (leg.ended_as == 0)
        ended_.push_back(&leg);
    leg.ended_as = ++ends_;
}

void LegTable::unpair(Leg& local) {
    if (auto* other = std::exchange(local.other_half, nullptr)) {
        other->other_half = nullptr;
        halves_.insert_or_assign(other_half_of(other->channel), other); // if this one comes back
    } else if (local.is_local() && is_half(local.channel)) {
        const auto waiting = halves_.find(other_half_of(local.channel));
        if (waiting != halves_.end() && waiting->second == &local)
            halves_.erase(waiting);
    }
}

void LegTable::forget(Leg& leg) {
    take_out(leg);
    set_parent(leg, nullptr);
    for (auto* child : leg.children)
        child->parent = nullptr;
    unpair(leg);
    by_device_.remove(leg);
}

void LegTable::remember_no_end(std::string_view uniqueid) {
    if (const auto* over = over_.find(uniqueid)) {
        std::erase(over_in_order_, over);
        over_.erase(uniqueid);
    }
}

void LegTable::sweep() {
    for (auto* leg : ended_) {
        if (over_in_order_.size() == max_over) {
            over_.erase(over_in_order_.front()->uniqueid);
            over_in_order_.pop_front();
        }
        over_in_order_.push_back(over_.add(leg->uniqueid).first);
        forget(*leg);
        legs_.erase(leg->uniqueid);
    }
    ended_.clear();
}

} // namespace astcti::calls
