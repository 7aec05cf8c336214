// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/log/log.hpp"
#include "tests/support/catch.hpp"

using astcti::log::masked;

TEST_CASE("of a number the last three digits are shown", "[log]") {
    CHECK(masked("0612345678") == "*******678");
    CHECK(masked("+39201") == "***201");
    CHECK(masked("202") == "202");
    CHECK(masked("").empty());
}
