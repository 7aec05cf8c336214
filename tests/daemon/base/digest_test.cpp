// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/base/digest.hpp"
#include "tests/support/catch.hpp"

using namespace astcti::base;

TEST_CASE("an MD5 is 32 lower-case hex digits", "[base]") {
    CHECK(md5_hex("") == "d41d8cd98f00b204e9800998ecf8427e");
    CHECK(md5_hex("test") == "098f6bcd4621d373cade4e832627b4f6");
    CHECK(md5_hex(std::string_view("a\0b", 3)) == "70350f6027bce3713f6b76473084309b");
}

TEST_CASE("texts are equal only if every byte and the length are", "[base]") {
    CHECK(equal_in_constant_time("", ""));
    CHECK(equal_in_constant_time("abc", "abc"));
    CHECK_FALSE(equal_in_constant_time("abc", "abd"));
    CHECK_FALSE(equal_in_constant_time("abc", "Abc"));
    CHECK_FALSE(equal_in_constant_time("abc", "ab"));
    CHECK_FALSE(equal_in_constant_time("", "a"));
}
