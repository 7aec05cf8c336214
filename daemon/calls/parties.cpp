// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/calls/parties.hpp"

#include <algorithm>
#include <cstddef>

namespace astcti::calls {
namespace {

constexpr auto max_steps = NearLegs::max_steps;

class Walk {
public:
    explicit Walk(const Leg& start) { seen_.add(start); }

    void talking(const Leg& at) {
        if (is_with_another(at))
            bridged(at);
        else
            dialled(at);
    }

    void bridged(const Leg& at) {
        if (!at.bridge || !at.bridge->ties())
            return;
        for (const auto* other : at.bridge->members) {
            if (seen_.size() > max_steps)
                return;
            visit(*other);
        }
    }

    void dialled(const Leg& at) {
        if (at.parent)
            visit(*at.parent);
        for (const auto* child : at.children)
            visit(*child);
    }

    void visit(const Leg& leg) {
        if (!leg.is_there() || seen_.size() > max_steps || seen_.contains(leg))
            return;
        seen_.add(leg);
        if (!leg.is_local()) {
            legs.add(leg);
            return;
        }
        locals.add(leg);
        note(leg);
        if (!leg.other_half || seen_.contains(*leg.other_half))
            return;
        const auto& half = *leg.other_half;
        if (!half.is_there())
            return;
        seen_.add(half);
        note(half);
        found.originated |= half.originated;
        talking(half);
    }

    NearLegs legs;
    NearLegs locals; // on the way
    Parties found;   // without its legs

private:
    void note(const Leg& local) {
        constexpr std::string_view technology = "Local/";
        const std::string_view name(local.channel);
        if (const auto at = name.find('@'); at != name.npos)
            found.local_extension = name.substr(technology.size(), at - technology.size());
        if (local.originated && !local.children.empty())
            found.originated_extension = local.extension;
        if (found.local_queue.empty())
            found.local_queue = local.queue;
    }

    NearLegs seen_;
};

// Has no ties but a bridge of two telephones: as most calls are, most of the time.
bool is_alone(const Leg& leg) noexcept {
    if (leg.parent || !leg.children.empty() || leg.is_local())
        return false;
    return !leg.bridge || (leg.bridge->members.size() <= 2 &&
                           std::ranges::none_of(leg.bridge->members, [](const Leg* member) {
                               return member->is_local();
                           }));
}

// What a walk would find around such a leg.
NearLegs pair_of(const Leg& leg) {
    NearLegs near;
    near.add(leg);
    if (leg.bridge && leg.bridge->ties())
        for (const auto* other : leg.bridge->members)
            if (other != &leg && other->is_there())
                near.add(*other);
    return near;
}

} // namespace

bool is_in_pair(const Leg& leg) noexcept {
    return leg.bridge && leg.bridge->ties() && is_alone(leg);
}

bool is_with_another(const Leg& leg) noexcept {
    return leg.bridge && leg.bridge->ties() &&
           std::ranges::any_of(leg.bridge->members, [&leg](const Leg* other) {
               return other != &leg && other->is_there();
           });
}

Parties parties_of(const Leg& leg) {
    if (!leg.is_there())
        return {};
    Walk walk(leg);
    walk.talking(leg);
    walk.found.legs.assign(walk.legs.begin(), walk.legs.end());
    return std::move(walk.found);
}

NearLegs around(const Leg& leg) {
    if (is_alone(leg))
        return pair_of(leg);
    Walk walk(leg);
    walk.bridged(leg);
    walk.dialled(leg);
    if (leg.is_local() && leg.other_half)
        walk.talking(*leg.other_half);
    NearLegs near;
    near.add(leg);
    for (const auto* one : walk.legs)
        near.add(*one);
    // A Local channel may be somebody's device as well.
    for (const auto* local : walk.locals)
        near.add(*local);
    return near;
}

const Leg* dialler_of(const Leg& leg) noexcept {
    const auto* at = leg.parent;
    for (std::size_t step = 0; at && at->is_local() && step < max_steps; ++step)
        at = at->other_half ? at->other_half->parent : nullptr;
    return at;
}

} // namespace astcti::calls
