// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/config/start_tags.hpp"
#include "tests/support/catch.hpp"

using namespace astcti::config;

TEST_CASE("start tags and their attributes are found on the lines where they begin", "[config]") {
    const auto tags = find_start_tags("<?xml version=\"1.0\"?>\n"
                                      "<!-- <no tag=\"1\"> \n -->\n"
                                      "<a\n"
                                      "  one=\"x\n"
                                      "y > z\"\n"
                                      "  two = 'it\"s'>\n"
                                      "text <![CDATA[ <no/> \n ]]>\n"
                                      "<b/><c x='1'\n"
                                      "/></a>\n");
    REQUIRE(tags.size() == 3);
    CHECK(tags[0].line == 4);
    REQUIRE(tags[0].attributes.size() == 2);
    CHECK(tags[0].line_of("one") == 5);
    CHECK(tags[0].line_of("two") == 7);
    CHECK(tags[0].line_of("three") == 4);
    CHECK(tags[1].line == 10);
    CHECK(tags[1].attributes.empty());
    CHECK(tags[2].line == 10);
    CHECK(tags[2].line_of("x") == 10);
}

TEST_CASE("a document cut at any byte does not lead the search astray", "[config]") {
    const std::string_view document = "<a one=\"1\" two='2'><!-- c --><b/><![CDATA[x]]><?p i?></a>";
    for (std::size_t cut = 0; cut < document.size(); ++cut)
        CHECK(find_start_tags(document.substr(0, cut)).size() <= 3);
}
