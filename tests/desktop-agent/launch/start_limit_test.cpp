// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/launch/start_limit.hpp"
#include "tests/support/catch.hpp"

using namespace std::chrono_literals;
using astcti::launch::StartLimit;

namespace {

const StartLimit::Time begin{1000s};

} // namespace

TEST_CASE("three starts in five seconds are the most", "[launch]") {
    StartLimit limit;
    CHECK(limit.try_start(begin));
    CHECK(limit.try_start(begin + 1s));
    CHECK(limit.try_start(begin + 2s));
    CHECK_FALSE(limit.try_start(begin + 2s));
    CHECK_FALSE(limit.try_start(begin + 5s - 1ms));
    // What was refused does not count: the first has left the window.
    CHECK(limit.try_start(begin + 5s));
    CHECK_FALSE(limit.try_start(begin + 5s));
}

TEST_CASE("twenty starts in a minute are the most", "[launch]") {
    StartLimit limit;
    std::size_t started = 0;
    for (auto now = begin; now < begin + 60s; now += 100ms)
        started += limit.try_start(now) ? 1U : 0U;
    CHECK(started == StartLimit::max_per_minute);
    CHECK(limit.try_start(begin + 60s));
}

TEST_CASE("a thousand calls in a second start three programs", "[launch]") {
    StartLimit limit;
    int started = 0;
    for (int i = 0; i < 1000; ++i)
        started += limit.try_start(begin + std::chrono::milliseconds(i)) ? 1 : 0;
    CHECK(started == 3);
}
