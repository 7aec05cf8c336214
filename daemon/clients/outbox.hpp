// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace astcti::clients {

// What one client has not taken yet, and what becomes of a client that takes it slowly: it is told
// no events any more, and everything anew (a snapshot) once it has taken what there was; if it does
// not take that either, it is given up. So nobody waits for it, and it costs little. Pure: bytes
// in, bytes out, the time an argument.
class Outbox {
public:
    using Time = std::chrono::microseconds; // of a clock that only goes forward

    // More than this is waiting, or something has for so long: no events any more.
    static constexpr std::size_t soft_limit = 65536;
    static constexpr auto soft_time = std::chrono::seconds(10);
    // Then the connection is closed.
    static constexpr std::size_t hard_limit = 262144;
    static constexpr auto hard_time = std::chrono::seconds(30);
    // Memory that an idle client may keep.
    static constexpr std::size_t kept_capacity = 1024;

    // Without snapshots, as in the original's dialect, events are kept up to the hard limit.
    void set_has_snapshots(bool has) noexcept { has_snapshots_ = has; }

    // An answer, or a part of a snapshot: up to the hard limit.
    void add(std::string_view bytes, Time now);

    // May an event be added? If not it is lost, and a snapshot is owed.
    bool takes_event(Time now);

    std::string_view unsent() const noexcept { return std::string_view(bytes_).substr(begin_); }
    void sent(std::size_t count);

    // Nothing more is to be read of a client that does not read.
    bool is_slow() const noexcept { return unsent().size() > soft_limit; }
    bool is_hopeless(Time now) const noexcept;

    // Events were lost: a snapshot comes once all that is waiting has been taken.
    bool owes_snapshot() const noexcept { return has_lost_; }

    // Once: events were lost, and all that was before them has been taken.
    bool take_snapshot_due() noexcept;

private:
    // Of what a login is answered with.
    static constexpr std::size_t usual_size = 512;

    bool has_snapshots_ = true;
    bool has_lost_ = false;
    std::string bytes_;
    std::size_t begin_ = 0;
    Time since_{}; // when it was empty last, if it is not
};

} // namespace astcti::clients
