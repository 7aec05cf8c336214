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

Leg* LegTable::add(std::string_view uniqueid, std::string_view channel) {
    if (legs_.size() >= max_legs || is_over(uniqueid))
        return nullptr;
    const auto [entry, is_new] = legs_.try_emplace(std::string(uniqueid));
    if (!is_new)
        return nullptr;
    auto& leg = entry->second;
    leg.uniqueid = uniqueid;
    leg.channel = channel;
    if (leg.is_local() && is_half(leg.channel))
        pair(leg);
    return &leg;
}

void LegTable::pair(Leg& local) {
    if (const auto waiting = halves_.find(local.channel); waiting != halves_.end()) {
        local.other_half = waiting->second;
        waiting->second->other_half = &local;
        halves_.erase(waiting);
    } else {
        halves_.insert_or_assign(other_half_of(local.channel), &local);
    }
}

Leg* LegTable::find(std::string_view uniqueid) noexcept {
    const auto found = legs_.find(uniqueid);
    return found == legs_.end() ? nullptr : &found->second;
}

const Leg* LegTable::find(std::string_view uniqueid) const noexcept {
    const auto found = legs_.find(uniqueid);
    return found == legs_.end() ? nullptr : &found->second;
}

Leg* LegTable::find_channel(std::string_view channel) noexcept {
    // Of two with one name, which only a forged event can bring, the one with the later id.
    const auto is_later = [](const Leg& a, const Leg* b) {
        return !b || std::pair(a.uniqueid.size(), std::string_view(a.uniqueid)) >
                         std::pair(b->uniqueid.size(), std::string_view(b->uniqueid));
    };
    Leg* found = nullptr;
    for (auto& [id, leg] : legs_)
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
    auto found = bridges_.find(id);
    if (found == bridges_.end()) {
        found = bridges_.try_emplace(std::string(id)).first;
        found->second.id = id;
    }
    auto& bridge = found->second;
    bridge.members.push_back(&leg);
    leg.bridge = &bridge;
    return bridge;
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
    std::erase(bridge->members, &leg);
    if (bridge->members.empty())
        bridges_.erase(std::string(bridge->id));
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

Bridge* LegTable::find_bridge(std::string_view id) noexcept {
    const auto found = bridges_.find(id);
    return found == bridges_.end() ? nullptr : &found->second;
}

void LegTable::rename(Leg& leg, std::string_view channel) {
    unpair(leg);
    leg.channel = channel;
}

void LegTable::end(Leg& leg) {
    take_out(leg);
    leg.ended_as = ++ends_;
    ended_.push_back(leg.uniqueid);
}

void LegTable::unpair(Leg& local) {
    if (local.other_half) {
        local.other_half->other_half = nullptr;
        local.other_half = nullptr;
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
}

void LegTable::sweep() {
    for (const auto& uniqueid : ended_) {
        const auto found = legs_.find(uniqueid);
        if (found == legs_.end())
            continue;
        forget(found->second);
        legs_.erase(found);
        if (over_in_order_.size() == max_over) {
            over_.erase(over_in_order_.front());
            over_in_order_.pop_front();
        }
        over_.insert(uniqueid);
        over_in_order_.push_back(uniqueid);
    }
    ended_.clear();
}

} // namespace astcti::calls
