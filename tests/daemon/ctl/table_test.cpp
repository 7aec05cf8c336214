// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ctl/table.hpp"
#include "tests/support/catch.hpp"

using namespace astcti::ctl;

TEST_CASE("columns stand under each other, and nothing follows the last", "[ctl]") {
    CHECK(to_table({{"USER", "EXT"}, {"anna", "PJSIP/201"}, {"m\xC3\xBCller", "-"}}) ==
          "USER    EXT\n"
          "anna    PJSIP/201\n"
          "m\xC3\xBCller  -\n");
    CHECK(to_table({}).empty());
}

TEST_CASE("a name cannot command the terminal that shows it", "[ctl]") {
    const auto table = to_table({{"\x1B[2Janna\nroot", "\xFF\x07x"}});
    CHECK(table == "[2Janna root  \xC3\xBFx\n");
}
