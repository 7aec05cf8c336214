// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/calls/leg.hpp"

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace astcti::calls {

// Finds the legs of a device by its hash, so that whoever logs in need not look at all channels of
// a PBX. The legs are chained through themselves: a trunk's may be thousands, and each goes at
// once. They must not move while they are in it, nor change their device_hash.
class DeviceIndex {
public:
    void add(Leg& leg) {
        if (++size_ > chains_.size())
            grow();
        link(leg);
    }

    void remove(Leg& leg) noexcept {
        --size_;
        if (leg.next_at_device)
            leg.next_at_device->previous_at_device = leg.previous_at_device;
        if (leg.previous_at_device)
            leg.previous_at_device->next_at_device = leg.next_at_device;
        else
            chain(leg.device_hash) = leg.next_at_device;
    }

    // Calls found(leg) for each whose device has this hash, in no order that means anything.
    template <typename Found>
    void each(std::uint32_t device_hash, Found found) const {
        if (chains_.empty())
            return;
        for (const auto* leg = chains_[device_hash & (chains_.size() - 1)]; leg;
             leg = leg->next_at_device)
            if (leg->device_hash == device_hash)
                found(*leg);
    }

private:
    static constexpr std::size_t least = 64;

    Leg*& chain(std::uint32_t hash) noexcept { return chains_[hash & (chains_.size() - 1)]; }

    void link(Leg& leg) noexcept {
        auto*& first = chain(leg.device_hash);
        leg.previous_at_device = nullptr;
        leg.next_at_device = first;
        if (first)
            first->previous_at_device = &leg;
        first = &leg;
    }

    void grow() {
        std::vector<Leg*> before(chains_.empty() ? least : 2 * chains_.size());
        before.swap(chains_);
        for (auto* leg : before)
            while (leg)
                link(*std::exchange(leg, leg->next_at_device));
    }

    std::vector<Leg*> chains_; // by the hash; their number is a power of two
    std::size_t size_ = 0;
};

} // namespace astcti::calls
