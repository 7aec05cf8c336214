// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/calls/parties.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace astcti::calls {
namespace {

// Enough for any conversation of people; bounds what a circle of forged ties can cost.
constexpr std::size_t max_steps = 64;

class Walk {
public:
    explicit Walk(const Leg& start) { note_seen(start); }

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
            if (seen_count_ > max_steps)
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
        if (!leg.is_there() || seen_count_ > max_steps || has_seen(leg))
            return;
        note_seen(leg);
        if (!leg.is_local()) {
            found.legs.push_back(&leg);
            return;
        }
        locals.push_back(&leg);
        note(leg);
        if (!leg.other_half || has_seen(*leg.other_half))
            return;
        const auto& half = *leg.other_half;
        if (!half.is_there())
            return;
        note_seen(half);
        note(half);
        found.originated |= half.originated;
        talking(half);
    }

    Parties found;
    std::vector<const Leg*> locals; // on the way

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

    bool has_seen(const Leg& leg) const noexcept {
        return std::find(seen_.begin(), seen_.begin() + seen_count_, &leg) !=
               seen_.begin() + seen_count_;
    }
    void note_seen(const Leg& leg) noexcept { seen_[seen_count_++] = &leg; }

    // One visit() notes two legs at most, and begins at max_steps at the latest.
    std::array<const Leg*, max_steps + 2> seen_; // NOLINT: the first ones are set
    std::size_t seen_count_ = 0;
};

} // namespace

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
    return std::move(walk.found);
}

std::vector<const Leg*> around(const Leg& leg) {
    Walk walk(leg);
    walk.bridged(leg);
    walk.dialled(leg);
    if (leg.is_local() && leg.other_half)
        walk.talking(*leg.other_half);
    auto legs = std::move(walk.found.legs);
    // A Local channel may be somebody's device as well.
    legs.insert(legs.end(), walk.locals.begin(), walk.locals.end());
    legs.insert(legs.begin(), &leg);
    return legs;
}

const Leg* dialler_of(const Leg& leg) noexcept {
    const auto* at = leg.parent;
    for (std::size_t step = 0; at && at->is_local() && step < max_steps; ++step)
        at = at->other_half ? at->other_half->parent : nullptr;
    return at;
}

} // namespace astcti::calls
