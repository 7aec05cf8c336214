// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/utf8.hpp"
#include "tests/support/catch.hpp"

using namespace astcti::protocol;

TEST_CASE("only well-formed UTF-8 is UTF-8", "[utf8]") {
    CHECK(is_utf8(""));
    CHECK(is_utf8("M\u00fcller \u4e2d \U0001F4DE"));
    const auto broken = GENERATE(as<std::string>{}, "M\xFCller", "\x80", "\xC0\xAF", "\xC3",
                                 "\xE0\x80\xAF", "\xED\xA0\x80", "\xF0\x80\x80\xAF",
                                 "\xF4\x90\x80\x80", "\xF8\x88\x80\x80\x80", "\xFF", "\xFE");
    CAPTURE(broken);
    CHECK_FALSE(is_utf8(broken));
}

TEST_CASE("a line with a control character is not clean", "[utf8]") {
    CHECK(is_clean_line("USER anna \u00fc"));
    const auto line = GENERATE(as<std::string>{}, std::string("a\0b", 3), "a\tb", "a\rb", "a\nb",
                               "a\x1b[31m", "a\x7f", "a\xC2\x85", "a\xFF");
    CAPTURE(line);
    CHECK_FALSE(is_clean_line(line));
}

TEST_CASE("what is cleaned is UTF-8 without what a person must not be shown", "[utf8]") {
    struct Row {
        std::string sent;
        std::string shown;
    };
    const auto row = GENERATE(values<Row>({
        {"Mario Rossi", "Mario Rossi"},
        {"M\u00fcller", "M\u00fcller"},
        {"M\xFCller", "M\u00fcller"},   // Latin-1
        {"\xFF\xFE", "\u00ff\u00fe"},   // neither
        {"a\nb", "a b"},                // a line break in a name
        {"a\r\n\x1b[31mb", "a [31mb"},  // a terminal's colours
        {std::string("a\0b", 3), "ab"}, // NUL
        {"a\xC2\x85"
         "b",
         "ab"},                             // C1
        {"\u202Egnp.exe\u202C", "gnp.exe"}, // reads backwards
        {"a\u2066b\u2069", "ab"},           // isolates
        {"a\uFFFE\uFFFF"
         "b",
         "ab"},                                   // no XML characters
        {"<b>&\"'$(reboot)", "<b>&\"'$(reboot)"}, // for others to escape
    }));
    CAPTURE(row.sent);
    CHECK(cleaned(row.sent) == row.shown);
    CHECK(cleaned(cleaned(row.sent)) == cleaned(row.sent));
}

TEST_CASE("every byte there is comes out clean", "[utf8]") {
    std::string all;
    for (int byte = 0; byte < 256; ++byte)
        all += static_cast<char>(byte);
    CHECK(is_clean_line(cleaned(all)));
}

TEST_CASE("a cut never splits a character", "[utf8]") {
    CHECK(cut("abc", 3) == "abc");
    CHECK(cut("abc", 2) == "ab");
    CHECK(cut("a\u4e2d", 3) == "a");
    CHECK(cut("a\u4e2d", 4) == "a\u4e2d");
    CHECK(cut("\U0001F4DE", 3).empty());
}
