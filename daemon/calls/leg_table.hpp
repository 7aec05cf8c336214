// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/calls/device_index.hpp"
#include "daemon/calls/id_table.hpp"
#include "daemon/calls/leg.hpp"

#include <cstddef>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace astcti::calls {

struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept {
        return std::hash<std::string_view>{}(text);
    }
};

template <typename Value>
using ByText = std::unordered_map<std::string, Value, TextHash, std::equal_to<>>;

using Legs = IdTable<Leg, &Leg::uniqueid>;

// Owns the legs and the bridges of one PBX and keeps the ties between them; knows no events.
class LegTable {
public:
    // More channels than this are not kept: a PBX has a few hundred.
    static constexpr std::size_t max_legs = 20000;

    // So many of the channels that ended last are remembered: an event that comes late, or
    // twice, does not bring a call back.
    static constexpr std::size_t max_over = 4096;

    // Nothing if there is, or was, one of this uniqueid, or no room.
    Leg* add(std::string_view uniqueid, std::string_view channel) {
        return add(uniqueid, hash_of(uniqueid), channel);
    }
    // With the hash_of() the uniqueid.
    Leg* add(std::string_view uniqueid, std::uint32_t hash, std::string_view channel);

    Leg* find(std::string_view uniqueid) noexcept { return legs_.find(uniqueid); }
    Leg* find(std::string_view uniqueid, std::uint32_t hash) noexcept {
        return legs_.find(uniqueid, hash);
    }
    const Leg* find(std::string_view uniqueid) const noexcept { return legs_.find(uniqueid); }
    // For the events of old versions that have no Uniqueid: looks at all of them.
    Leg* find_channel(std::string_view channel) noexcept;

    // Both are looked for soon: while something else is done memory can come nearer.
    void expect(std::string_view uniqueid, std::string_view bridge) const noexcept {
        legs_.expect(hash_of(uniqueid));
        bridges_.expect(hash_of(bridge));
    }

    const Legs& all() const noexcept { return legs_; }
    Legs& all() noexcept { return legs_; }
    DeviceIndex& by_device() const noexcept { return by_device_; }

    // Out of its bridge; it stays, with its other ties, until the next sweep().
    void end(Leg& leg);

    void set_parent(Leg& child, Leg* parent);

    // Into the bridge of this id, out of the one it was in. Returns the bridge.
    Bridge& enter(Leg& leg, std::string_view bridge);
    // Who was dialled for whom is history for a leg that leaves a bridge.
    void leave(Leg& leg);
    void move_all(std::string_view from, std::string_view to);
    Bridge* find_bridge(std::string_view id) noexcept { return bridges_.find(id); }

    void rename(Leg& leg, std::string_view channel);

    // Whether a leg of this uniqueid has ended not long ago.
    bool is_over(std::string_view uniqueid) const noexcept { return over_.find(uniqueid); }
    bool is_over(std::string_view uniqueid, std::uint32_t hash) const noexcept {
        return over_.find(uniqueid, hash);
    }

    // It was not true that one of this uniqueid has.
    void remember_no_end(std::string_view uniqueid);

    // Forgets the legs that ended.
    void sweep();

    // What there is of anything: as at the beginning once all legs are forgotten.
    std::size_t size() const noexcept { return legs_.size() + bridges_.size() + halves_.size(); }

private:
    void name(Leg& leg, std::string_view channel);
    void pair(Leg& local);
    void unpair(Leg& local);
    void forget(Leg& leg);
    void take_out(Leg& leg);

    Legs legs_;
    mutable DeviceIndex by_device_; // asking makes its order, nothing else
    IdTable<Bridge, &Bridge::id> bridges_;
    ByText<Leg*> halves_; // of Local channels whose other half did not come yet, by its channel
    std::vector<Leg*> ended_;
    std::uint64_t ends_ = 0;
    struct Over {
        LegText uniqueid;
    };
    IdTable<Over, &Over::uniqueid> over_;
    std::deque<const Over*> over_in_order_;
};

} // namespace astcti::calls
