// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/rules/pattern.hpp"
#include "tests/support/catch.hpp"

#include <string>

using astcti::rules::fits;

TEST_CASE("a pattern fits a whole number", "[rules]") {
    CHECK(fits("202", "202"));
    CHECK_FALSE(fits("202", "2020"));
    CHECK_FALSE(fits("202", "20"));
    CHECK_FALSE(fits("202", ""));
    CHECK(fits("+39*", "+39061234567"));
    CHECK(fits("+39*", "+39"));
    CHECK_FALSE(fits("+39*", "+3"));
    CHECK(fits("*45", "*45"));
    CHECK(fits("*45", "061245"));
    CHECK(fits("2??", "2*9"));
    CHECK_FALSE(fits("2??", "29"));
    CHECK(fits("*1*2*", "00100200"));
    CHECK_FALSE(fits("*1*2*", "002001"));
    CHECK(fits("*", ""));
    CHECK(fits("", ""));
    CHECK_FALSE(fits("?", ""));
}

TEST_CASE("a hostile pattern takes no time", "[rules]") {
    std::string pattern;
    for (int i = 0; i < 30; ++i)
        pattern += "*a";
    CHECK_FALSE(fits(pattern + "b", std::string(10'000, 'a')));
}
