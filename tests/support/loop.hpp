// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/event/loop.hpp"
#include "daemon/event/timer.hpp"
#include "tests/support/catch.hpp"

#include <chrono>
#include <functional>

namespace astcti::test {

// Runs a real loop until `done`; fails after a time that is far beyond what it takes.
inline void run_until(event::Loop& loop, const std::function<bool()>& done) {
    bool late = false;
    event::Timer deadline(loop, [&late] { late = true; });
    deadline.start(std::chrono::seconds(5));
    while (!done() && !late)
        sd_event_run(loop.get(), UINT64_MAX);
    REQUIRE_FALSE(late);
}

} // namespace astcti::test
