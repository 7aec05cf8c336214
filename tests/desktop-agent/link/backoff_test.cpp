// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/link/backoff.hpp"
#include "tests/support/catch.hpp"

using astcti::link::Backoff;

TEST_CASE("each failure doubles the longest wait, up to ten seconds", "[link]") {
    Backoff backoff;
    constexpr double nearly_one = 0.999999;
    auto last = backoff.next(nearly_one);
    CHECK(last <= Backoff::first);
    for (int i = 0; i < 20; ++i) {
        const auto next = backoff.next(nearly_one);
        CHECK(next >= last);
        CHECK(next <= Backoff::cap);
        last = next;
    }
    CHECK(last > Backoff::cap * 9 / 10);
}

TEST_CASE("the wait is any part of the longest one", "[link]") {
    Backoff backoff;
    CHECK(backoff.next(0).count() == 0);
    CHECK(backoff.next(0.5) == Backoff::first);
}

TEST_CASE("after a success it begins anew", "[link]") {
    Backoff backoff;
    for (int i = 0; i < 10; ++i)
        backoff.next(0.5);
    backoff.succeeded();
    CHECK(backoff.next(0.5) == Backoff::first / 2);
}

TEST_CASE("after a session that held everybody comes back within what the server wants", "[link]") {
    using std::chrono::milliseconds;
    Backoff backoff;
    CHECK(backoff.after_session(0.5, milliseconds(2)) == milliseconds(1));
    CHECK(backoff.after_session(0.5, milliseconds(20'000)) == milliseconds(10'000));
    CHECK(backoff.after_session(0.5, milliseconds(1'000'000)) == Backoff::max_hint / 2);
    CHECK(backoff.after_session(0.5, milliseconds(-1)) == milliseconds(0));
    CHECK(backoff.next(0.5) == Backoff::first / 2);
}

TEST_CASE("what the server wants is the least of the longest waits after a failure", "[link]") {
    using std::chrono::milliseconds;
    Backoff backoff;
    CHECK(backoff.next(0.5, milliseconds(2000)) == milliseconds(1000));
    CHECK(backoff.next(0.5, milliseconds(1)) == Backoff::first);
    CHECK(backoff.next(0.5, milliseconds(1'000'000)) == Backoff::max_hint / 2);
}
