// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ami/text.hpp"
#include "tests/support/catch.hpp"

using namespace astcti;

TEST_CASE("C escapes are undone exactly once", "[ami]") {
    struct Row {
        std::string sent;
        std::string meant;
    };
    const auto row = GENERATE(values<Row>({{R"(O\'Brien)", "O'Brien"},
                                           {R"(a\\nb)", R"(a\nb)"},
                                           {R"(a\r\nb)", "a\r\nb"},
                                           {R"(\"x\")", "\"x\""},
                                           {R"(\q\)", R"(\q\)"},
                                           {R"(\\\\)", R"(\\)"},
                                           {"", ""}}));
    CAPTURE(row.sent);
    CHECK(ami::unescape(row.sent) == row.meant);
}

TEST_CASE("a number that is missing is empty", "[ami]") {
    CHECK(ami::clean_text("<unknown>").empty());
    CHECK(ami::clean_text("<null>").empty());
    CHECK(ami::clean_text("<b>") == "<b>");
    CHECK(ami::clean_text("M\xFCller\n") == "M\u00fcller ");
}
