// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/base/digest.hpp"
#include "tests/support/catch.hpp"

using namespace astcti::base;

TEST_CASE("an MD5 is 32 lower-case hex digits", "[base]") {
    CHECK(md5_hex("") == "d41d8cd98f00b204e9800998ecf8427e");
    CHECK(md5_hex("test") == "098f6bcd4621d373cade4e832627b4f6");
    CHECK(md5_hex(std::string_view("a\0b", 3)) == "70350f6027bce3713f6b76473084309b");
}

TEST_CASE("a SHA-256 is 32 bytes", "[base]") {
    // FIPS 180-2, appendix B.1.
    const auto digest = sha256("abc");
    REQUIRE(digest.size() == 32);
    CHECK(digest.substr(0, 4) == "\xba\x78\x16\xbf");
    CHECK(digest.substr(28) == std::string("\xf2\x00\x15\xad", 4));
}

TEST_CASE("an HMAC by a key that is kept is the same each time", "[base]") {
    // RFC 4231, section 4.3.
    const HmacSha256 jefe("Jefe");
    const std::string_view text = "what do ya want for nothing?";
    for (int i = 0; i < 3; ++i) {
        const auto mac = jefe.of(text);
        REQUIRE(mac.size() == 32);
        CHECK(mac.substr(0, 4) == "\x5b\xdc\xc1\x46");
        CHECK(mac == hmac_sha256("Jefe", text));
        CHECK(jefe.of("") == hmac_sha256("Jefe", ""));
    }
    CHECK(HmacSha256(std::string(100, 'k')).of(text) == hmac_sha256(std::string(100, 'k'), text));
}

TEST_CASE("texts are equal only if every byte and the length are", "[base]") {
    CHECK(equal_in_constant_time("", ""));
    CHECK(equal_in_constant_time("abc", "abc"));
    CHECK_FALSE(equal_in_constant_time("abc", "abd"));
    CHECK_FALSE(equal_in_constant_time("abc", "Abc"));
    CHECK_FALSE(equal_in_constant_time("abc", "ab"));
    CHECK_FALSE(equal_in_constant_time("", "a"));
}
