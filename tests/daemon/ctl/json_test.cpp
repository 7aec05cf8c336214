// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ctl/json.hpp"
#include "tests/support/catch.hpp"

using namespace astcti::ctl;

TEST_CASE("any bytes become a text of JSON", "[ctl]") {
    struct Row {
        std::string text;
        const char* json;
    };
    const auto row = GENERATE(values<Row>({
        {"", R"("")"},
        {"anna", R"("anna")"},
        {R"(a"b\c/)", R"("a\"b\\c/")"},
        {"a\nb\t", R"("a\u000ab\u0009")"},
        {std::string("\0\x1F\x7F", 3), R"("\u0000\u001f\u007f")"},
        {"m\xC3\xBCller \xF0\x9F\x98\x80", "\"m\xC3\xBCller \xF0\x9F\x98\x80\""},
        {"m\xFCller", "\"m\xC3\xBCller\""},
        {"\xED\xA0\x80", "\"\xC3\xAD\xC2\xA0\xC2\x80\""}, // a surrogate
    }));
    CHECK(json_text(row.text) == row.json);
}

TEST_CASE("arrays, objects and nothing are written", "[ctl]") {
    CHECK(json_text_or_null("") == "null");
    CHECK(json_text_or_null("x") == R"("x")");
    CHECK(json_array({}) == "[]");
    CHECK(json_array({"1", "null"}) == "[1, null]");
    CHECK(json_object({{"a", "1"}, {"b", "[]"}}) == R"({"a": 1, "b": []})");
    CHECK(json_lines({}) == "[]\n");
    CHECK(json_lines({"1", "2"}) == "[\n1,\n2\n]\n");
}
