// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>

namespace astcti::launch {

// Protects the desktop from a storm of calls. Counts starts, not living programs.
class StartLimit {
public:
    using Time = std::chrono::steady_clock::time_point;

    static constexpr std::size_t max_burst = 3;
    static constexpr std::chrono::seconds burst_time{5};
    static constexpr std::size_t max_per_minute = 20;

    // True if one more start is allowed now; it then counts.
    bool try_start(Time now);

private:
    std::deque<Time> starts_; // of the last minute, the oldest first
};

} // namespace astcti::launch
