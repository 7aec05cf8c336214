// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/clients/rate.hpp"
#include "tests/support/catch.hpp"

#include <string>

using namespace astcti::clients;
using namespace std::chrono_literals;

TEST_CASE("a person dials six times at once, then once in ten seconds", "[rate]") {
    DialRate rate;
    for (int i = 0; i < DialRate::at_once; ++i)
        REQUIRE(rate.dial("anna", 100s) == 0s);
    CHECK(rate.dial("anna", 100s) == 10s);
    CHECK(rate.dial("anna", 103s) == 7s);
    CHECK(rate.dial("bert", 103s) == 0s);
    CHECK(rate.dial("anna", 110s) == 0s);
    CHECK(rate.dial("anna", 110s) == 10s);
    SECTION("and six times at once a minute later") {
        for (int i = 0; i < DialRate::at_once; ++i)
            REQUIRE(rate.dial("anna", 180s) == 0s);
        CHECK(rate.dial("anna", 180s) > 0s);
    }
}

TEST_CASE("who tries ten thousand times places few calls", "[rate]") {
    DialRate rate;
    int placed = 0;
    for (int i = 0; i < 10000; ++i)
        placed += rate.dial("anna", i * 1ms) == 0s ? 1 : 0;
    CHECK(placed == DialRate::at_once);
    CHECK(rate.dial("bert", 10s) == 0s);
}

TEST_CASE("all together have a limit", "[rate]") {
    DialRate rate;
    for (int i = 0; i < DialRate::all_at_once; ++i)
        REQUIRE(rate.dial("user" + std::to_string(i), 5s) == 0s);
    CHECK(rate.dial("anna", 5s) == DialRate::interval_of_all);
    CHECK(rate.dial("anna", 5100ms) == 0s);
}
