// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ami/backoff.hpp"
#include "tests/support/catch.hpp"

using astcti::ami::Backoff;
using namespace std::chrono_literals;

TEST_CASE("the wait doubles to the cap and begins anew after success", "[ami]") {
    Backoff backoff;
    std::vector<Backoff::Duration> waits;
    for (int i = 0; i < 8; ++i)
        waits.push_back(backoff.failed(1.0));
    CHECK(waits == std::vector<Backoff::Duration>{250ms, 500ms, 1s, 2s, 4s, 8s, 10s, 10s});
    backoff.succeeded();
    CHECK(backoff.failed(1.0) == 250ms);
}

TEST_CASE("the jitter is full: any wait up to the ceiling", "[ami]") {
    Backoff backoff;
    CHECK(backoff.failed(0.0) == 0ms);
    CHECK(backoff.failed(0.5) == 250ms);
}

TEST_CASE("after a refusal it is twice a minute", "[ami]") {
    CHECK(Backoff::refused() == 30s);
}
