// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/rules/once.hpp"
#include "tests/support/catch.hpp"

#include <string>

using astcti::rules::Once;

TEST_CASE("a call and its other party are first once", "[rules]") {
    Once once;
    CHECK(once.first("call", "202", "1.1"));
    CHECK_FALSE(once.first("call", "202", "1.1"));
    CHECK(once.first("call", "203", "1.2"));
    CHECK_FALSE(once.first("call", "202", "1.1"));
    CHECK(once.first("other", "202", "1.1"));
    CHECK(once.first("call", "", ""));
    CHECK_FALSE(once.first("call", "", ""));
}

TEST_CASE("a call that was asked for is known", "[rules]") {
    Once once;
    CHECK_FALSE(once.knows("call"));
    once.first("call", "202", "1.1");
    CHECK(once.knows("call"));
    CHECK_FALSE(once.knows("other"));
}

TEST_CASE("who calls an agent of a pool twice is another party the second time", "[rules]") {
    Once once;
    CHECK(once.first("call", "202", "1.1"));
    CHECK(once.first("call", "202", "1.7"));
    CHECK_FALSE(once.first("call", "202", "1.1"));
}

TEST_CASE("a party whose channel is told later is the same", "[rules]") {
    Once once;
    CHECK(once.first("call", "202", ""));
    CHECK_FALSE(once.first("call", "202", "1.1"));
    CHECK_FALSE(once.first("call", "202", ""));
    CHECK(once.first("call", "202", "1.7"));
}

TEST_CASE("the oldest is forgotten when there are too many", "[rules]") {
    Once once;
    for (std::size_t i = 0; i <= Once::max_parties; ++i)
        CHECK(once.first(std::to_string(i), "202", ""));
    CHECK_FALSE(once.first("1", "202", ""));
    CHECK_FALSE(once.knows("0"));
    CHECK(once.first("0", "202", ""));
    CHECK_FALSE(once.first("2", "202", ""));
    CHECK(once.first("1", "202", ""));
}

TEST_CASE("of a call that goes on for a day the oldest party is forgotten", "[rules]") {
    Once once;
    for (std::size_t i = 0; i <= Once::max_parties; ++i)
        CHECK(once.first("call", "202", std::to_string(i)));
    CHECK_FALSE(once.first("call", "202", "1"));
    CHECK(once.first("call", "202", "0"));
}
