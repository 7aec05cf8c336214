// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/daemon/config/reading.hpp"

using namespace astcti::config;
using Catch::Matchers::Contains;

TEST_CASE("how numbers are written is read, and without it they are left alone", "[config]") {
    CHECK_FALSE(read(document("")).numbers.configured());
    const auto numbers =
        read(document("<numbers country-code='39' international-prefix='00' trunk-prefix='0' "
                      "keep-trunk-prefix='yes' outside-line='9' shortest='7' longest-plain='10'>"
                      "<withheld word='riservato'/>\n<withheld word='000'/></numbers>"))
            .numbers;
    CHECK(numbers ==
          astcti::protocol::NumberRules{"39", "00", "0", true, "9", 7, 10, {"riservato", "000"}});
    CHECK(read(document("<numbers country-code='49'/>")).numbers ==
          astcti::protocol::NumberRules{"49", "00", "0", false, "", 6, 0, {}});
}

TEST_CASE("so many words for a withheld number are taken and no more", "[config]") {
    std::string inside = "<numbers country-code='39'>\n";
    for (std::size_t i = 0; i < astcti::protocol::max_withheld_words; ++i)
        inside += "<withheld word='w" + std::to_string(i) + "'/>\n";
    CHECK(read(document(inside + "</numbers>")).numbers.withheld.size() ==
          astcti::protocol::max_withheld_words);
    const auto faults = faults_of(document(inside + "<withheld word='one too many'/></numbers>"));
    REQUIRE(faults.size() == 1);
    CHECK(faults[0].line == 3 + astcti::protocol::max_withheld_words);
    CHECK_THAT(faults[0].what, Contains("more than 32 <withheld>s"));
}

TEST_CASE("what is wrong with <numbers> is told with its line and what to do", "[config]") {
    struct Row {
        const char* inside; // begins in line 2
        std::size_t line;
        const char* what;
        const char* advice;
    };
    const auto row = GENERATE(values<Row>({
        {"<numbers/>", 2, "<numbers> needs the attribute country-code", "such as 39"},
        {"<numbers\n country-code='+39'/>", 3, "country-code of <numbers> is \"+39\"",
         "without prefix"},
        {"<numbers country-code='039'/>", 2, "\"039\"", "the first not 0"},
        {"<numbers country-code='39' international-prefix='+'/>", 2, "\"+\"", "00 or 011"},
        {"<numbers country-code='39' trunk-prefix='0x'/>", 2, "\"0x\"", "such as 0"},
        {"<numbers country-code='39' trunk-prefix='123456789'/>", 2, "\"123456789\"",
         "at most 8 digits"},
        {"<numbers country-code='39' keep-trunk-prefix='true'/>", 2, "\"true\"", "yes"},
        {"<numbers country-code='39' outside-line='w'/>", 2, "\"w\"", "at most 8 digits"},
        {"<numbers country-code='39' shortest='0'/>", 2, "\"0\"", "from 1 to 15"},
        {"<numbers country-code='39' shortest='16'/>", 2, "\"16\"", "from 1 to 15"},
        {"<numbers country-code='39' longest-plain='ten'/>", 2, "\"ten\"", "from 1 to 15"},
        {"<numbers country-code='39'\n trunk-prefix='00'/>", 3,
         "trunk-prefix of <numbers> begins with the international-prefix, 00", "such as 0"},
        {"<numbers country-code='39'>\n<withheld/></numbers>", 3,
         "<withheld> needs the attribute word", "1 to 64"},
        {"<numbers country-code='39'><withheld word=''/></numbers>", 2,
         "word of <withheld> is \"\"", "1 to 64"},
        {"<numbers country-code='39'>\n<withheld word='x'>anonymous</withheld></numbers>", 3,
         "there is text in <withheld>", "attributes"},
        {"<withheld word='x'/>", 2, "<withheld> is not known", "it belongs into <numbers>"},
        {"<numbers country-code='39'/>\n<numbers country-code='39'/>", 3, "a second <numbers>",
         "line 2"},
    }));
    CAPTURE(row.inside);
    const auto faults = faults_of(document(row.inside));
    REQUIRE(faults.size() == 1);
    CHECK(faults[0].line == row.line);
    CHECK_THAT(faults[0].what, Contains(row.what));
    CHECK_THAT(faults[0].advice, Contains(row.advice));
}
