// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/clients/lru.hpp"

#include <chrono>
#include <cstddef>
#include <string_view>

namespace astcti::clients {

// How often each person may dial: so many at once, and then one more for each interval that has
// gone by. All together have a limit of their own. Pure: the time is an argument.
class DialRate {
public:
    using Time = std::chrono::microseconds; // of a clock that only goes forward
    using Milliseconds = std::chrono::milliseconds;

    static constexpr int at_once = 6;
    static constexpr Milliseconds interval = std::chrono::seconds(10);
    static constexpr int all_at_once = 60;
    static constexpr Milliseconds interval_of_all = std::chrono::milliseconds(100);
    static constexpr std::size_t max_people = 16384;

    // How long to wait; 0: it counts, and may be done.
    Milliseconds dial(std::string_view account, Time now);

private:
    // When all of it will be there again: a bucket without a counter.
    struct Bucket {
        Time full_at{};
    };

    static Milliseconds left(const Bucket& bucket, int size, Milliseconds each, Time now);
    static void take(Bucket& bucket, Milliseconds each, Time now);

    Lru<Bucket> people_{max_people};
    Bucket all_;
};

} // namespace astcti::clients
