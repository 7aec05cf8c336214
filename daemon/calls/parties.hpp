// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/calls/leg.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

namespace astcti::calls {

// A walk along the ties of a leg (bridges, dials, halves of Local channels) to the next legs
// that are no Local channels. ARCHITECTURE.md section 3.1, "Parties".
struct Parties {
    // That were reached and have not ended; the first ones, should there be very many.
    std::vector<const Leg*> legs;
    // What the Local channels on the way know: the extension of the last one, a queue, and
    // whether the far half of one was originated, so that this side is made to call.
    std::string_view local_extension;
    std::string_view local_queue;
    bool originated = false;
    // Where an originated one leads to, once it does.
    std::string_view originated_extension;

    const Leg* only() const noexcept { return legs.size() == 1 ? legs.front() : nullptr; }
};

// None for a leg that has ended.
Parties parties_of(const Leg& leg);

// Legs that a walk comes across: so few that they need no memory of their own.
class NearLegs {
public:
    // Enough for any conversation of people; bounds what a circle of forged ties can cost.
    static constexpr std::size_t max_steps = 64;

    NearLegs() noexcept {} // NOLINT: the legs are set one by one
    void add(const Leg& leg) noexcept { legs_[count_++] = &leg; }
    std::size_t size() const noexcept { return count_; }
    const Leg* const* begin() const noexcept { return legs_.data(); }
    const Leg* const* end() const noexcept { return legs_.data() + count_; }
    bool contains(const Leg& leg) const noexcept {
        return std::find(begin(), end(), &leg) != end();
    }

private:
    // A step adds two legs at most, and the last one begins at max_steps.
    std::array<const Leg*, max_steps + 2> legs_;
    std::size_t count_ = 0;
};

// The legs whose parties may change with this one: itself, the next ones along all of its ties,
// and the Local channels on the way, which may be devices.
NearLegs around(const Leg& leg);

// Whether around() of the other one in its bridge tells as much: the two have no other ties.
bool is_in_pair(const Leg& leg) noexcept;

// Is in a bridge in which it talks to somebody.
bool is_with_another(const Leg& leg) noexcept;

// The leg that dialled this one, through Local channels; nothing if there is none.
const Leg* dialler_of(const Leg& leg) noexcept;

} // namespace astcti::calls
