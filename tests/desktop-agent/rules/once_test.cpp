// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/rules/once.hpp"
#include "tests/support/catch.hpp"

#include <string>

using astcti::rules::Once;

TEST_CASE("a call and its other party are first once", "[rules]") {
    Once once;
    CHECK(once.first("call", "202"));
    CHECK_FALSE(once.first("call", "202"));
    CHECK(once.first("call", "203"));
    CHECK_FALSE(once.first("call", "202"));
    CHECK(once.first("other", "202"));
    CHECK(once.first("call", ""));
    CHECK_FALSE(once.first("call", ""));
}

TEST_CASE("the oldest call is forgotten when there are too many", "[rules]") {
    Once once;
    for (std::size_t i = 0; i <= Once::max_calls; ++i)
        CHECK(once.first(std::to_string(i), "202"));
    CHECK_FALSE(once.first("1", "202"));
    CHECK(once.first("0", "202"));
}

TEST_CASE("a call whose other party changes without end does not run without end", "[rules]") {
    Once once;
    for (std::size_t i = 0; i < Once::max_peers; ++i)
        CHECK(once.first("call", std::to_string(i)));
    CHECK_FALSE(once.first("call", "one more"));
    CHECK(once.first("other", "one more"));
}
