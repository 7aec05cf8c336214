// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ctl/json.hpp"
#include "tests/support/catch.hpp"

using namespace astcti::ctl;

TEST_CASE("nothing, and values in lines, are written", "[ctl]") {
    CHECK(json_text_or_null("") == "null");
    CHECK(json_text_or_null("x") == R"("x")");
    CHECK(json_lines({}) == "[]\n");
    CHECK(json_lines({"1", "2"}) == "[\n1,\n2\n]\n");
}
