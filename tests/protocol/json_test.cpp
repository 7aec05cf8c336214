// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/json.hpp"
#include "tests/support/catch.hpp"

using namespace astcti::protocol;

TEST_CASE("any bytes become a text of JSON that no terminal obeys", "[protocol]") {
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
        {"\xC2\x80\xC2\x9F\xC2\xA0", "\"\\u0080\\u009f\xC2\xA0\""},
        {"m\xC3\xBCller \xF0\x9F\x98\x80", "\"m\xC3\xBCller \xF0\x9F\x98\x80\""},
        {"m\xFCller", "\"m\xC3\xBCller\""},
        {"\x9B", R"("\u009b")"},
        {"\xED\xA0\x80", "\"\xC3\xAD\xC2\xA0\\u0080\""}, // a surrogate
    }));
    CHECK(json_text(row.text) == row.json);
}

TEST_CASE("arrays and objects are written, and empty ones", "[protocol]") {
    CHECK(json_array({}) == "[]");
    CHECK(json_array({"1", "null"}) == "[1, null]");
    CHECK(json_object({}) == "{}");
    CHECK(json_object({{"a", "1"}, {"b", "[]"}}) == R"({"a": 1, "b": []})");
}
