// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/calls/leg.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace astcti::calls {

// Finds the legs of a device by its hash, so that whoever logs in need not look at all channels of
// a PBX. The legs are chained through themselves: a trunk's may be thousands, and each goes at
// once. They must not move while they are in it, nor change their device_hash. Those that came
// since somebody asked wait to be chained: perhaps nobody asks while they last, and a list of all
// channels of a PBX must not go through the memory of others for each.
class DeviceIndex {
public:
    void add(Leg& leg) {
        if (waiting_.size() == waiting_.capacity())
            make_room();
        waiting_.push_back(&leg);
        leg.waits_at = static_cast<std::uint32_t>(waiting_.size());
    }

    void remove(Leg& leg) noexcept {
        if (const auto at = std::exchange(leg.waits_at, 0U); at != 0) {
            waiting_[at - 1] = nullptr;
            return;
        }
        --chained_;
        if (leg.next_at_device)
            leg.next_at_device->previous_at_device = leg.previous_at_device;
        if (leg.previous_at_device)
            leg.previous_at_device->next_at_device = leg.next_at_device;
        else
            chain(leg.device_hash) = leg.next_at_device;
    }

    // Calls found(leg) for each whose device has this hash, in no order that means anything.
    template <typename Found>
    void each(std::uint32_t device_hash, Found found) {
        chain_waiting();
        if (chains_.empty())
            return;
        for (const auto* leg = chain(device_hash); leg; leg = leg->next_at_device)
            if (leg->device_hash == device_hash)
                found(*leg);
    }

private:
    static constexpr std::size_t least = 64;

    Leg*& chain(std::uint32_t hash) noexcept { return chains_[hash & (chains_.size() - 1)]; }

    void chain_waiting() {
        std::erase(waiting_, nullptr);
        chained_ += waiting_.size();
        if (chained_ > chains_.size())
            grow(std::bit_ceil(std::max(least, chained_)));
        for (auto* leg : waiting_) {
            leg->waits_at = 0;
            link(*leg);
        }
        waiting_.clear();
    }

    void link(Leg& leg) noexcept {
        auto*& first = chain(leg.device_hash);
        leg.previous_at_device = nullptr;
        leg.next_at_device = first;
        if (first)
            first->previous_at_device = &leg;
        first = &leg;
    }

    void grow(std::size_t size) {
        std::vector<Leg*> before(size);
        before.swap(chains_);
        for (auto* leg : before)
            while (leg)
                link(*std::exchange(leg, leg->next_at_device));
    }

    // Where legs went, or else in more memory.
    void make_room() {
        std::erase(waiting_, nullptr);
        for (std::size_t i = 0; i < waiting_.size(); ++i)
            waiting_[i]->waits_at = static_cast<std::uint32_t>(i + 1);
        waiting_.reserve(std::max(least, 2 * waiting_.size()));
    }

    std::vector<Leg*> chains_; // by the hash; their number is a power of two
    std::size_t chained_ = 0;
    std::vector<Leg*> waiting_; // null: it went
};

} // namespace astcti::calls
