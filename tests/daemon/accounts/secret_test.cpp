// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/accounts/secret.hpp"
#include "daemon/base/digest.hpp"
#include "tests/support/catch.hpp"

#include <crypt.h>

using namespace astcti::accounts;
using astcti::base::md5_hex;

namespace {

// Cheap to compute; libxcrypt made it.
std::string yescrypt_of(const std::string& phrase) {
    crypt_data data{};
    return ::crypt_r(phrase.c_str(), "$y$j75$1FQ22F/4eLpZyt/SkCnrw0", &data);
}

} // namespace

TEST_CASE("what a stored secret is shows in how it begins", "[accounts]") {
    CHECK(kind_of("098f6bcd4621d373cade4e832627b4f6") == SecretKind::plain_md5);
    CHECK(kind_of("{Y-MD5}" + yescrypt_of("x")) == SecretKind::wrapped_md5);
    CHECK(kind_of("{Y}" + yescrypt_of("x")) == SecretKind::native);
}

TEST_CASE("a new secret is wrapped, of the default cost, salted, and verifies", "[accounts]") {
    const auto secret = make_secret("test", false);
    CHECK(secret.starts_with("{Y-MD5}$y$j9T$"));
    CHECK(secret != make_secret("test", false));
    CHECK(verify_password(secret, "test"));
    CHECK(verify_md5(secret, md5_hex("test")));
    CHECK_FALSE(verify_password(secret, "Test"));
    CHECK_FALSE(verify_password(secret, "test "));
    CHECK_FALSE(verify_password(secret, ""));
    CHECK_FALSE(verify_md5(secret, md5_hex("Test")));
    CHECK_FALSE(verify_md5(secret, "test"));
}

TEST_CASE("a native secret takes the password only", "[accounts]") {
    const auto secret = make_secret("test", true);
    CHECK(secret.starts_with("{Y}$y$j9T$"));
    CHECK(verify_password(secret, "test"));
    CHECK_FALSE(verify_md5(secret, md5_hex("test")));
    CHECK_FALSE(verify_password(secret, md5_hex("test")));
}

TEST_CASE("a bare MD5 takes the password and what the original's client sends", "[accounts]") {
    const auto secret = md5_hex("test");
    CHECK(verify_password(secret, "test"));
    CHECK(verify_md5(secret, secret));
    CHECK_FALSE(verify_password(secret, secret));
    CHECK_FALSE(verify_password(secret, "other"));
    CHECK_FALSE(verify_md5(secret, md5_hex("other")));
    CHECK_FALSE(verify_md5(secret, "098F6BCD4621D373CADE4E832627B4F6"));
}

TEST_CASE("whoever has read a wrapped secret cannot log in with it", "[accounts]") {
    for (const auto& secret :
         {"{Y-MD5}" + yescrypt_of(md5_hex("test")), "{Y}" + yescrypt_of("test")}) {
        REQUIRE(verify_password(secret, "test"));
        for (std::size_t start = 0; start < 12; ++start) {
            CHECK_FALSE(verify_password(secret, secret.substr(start)));
            CHECK_FALSE(verify_md5(secret, secret.substr(start)));
        }
        CHECK_FALSE(verify_md5(secret, secret.substr(secret.size() - 32)));
    }
}

TEST_CASE("any other stored value logs nobody in", "[accounts]") {
    const auto hash = yescrypt_of("test");
    crypt_data data{};
    const std::string sha512 = ::crypt_r("test", "$6$saltsalt", &data);
    const std::string des = ::crypt_r("test", "ab", &data);
    const auto stored = GENERATE_REF(values<std::string>({
        "",
        "test",
        "*",
        "!",
        "{Y}",
        "{Y-MD5}",
        "{Y}$y$",
        "{Y}$y$j75$",
        "{Y}test",
        "{CLEARTEXT}test",
        "{MD5}" + md5_hex("test"),
        "{Y-MD5}" + md5_hex("test"),
        "098F6BCD4621D373CADE4E832627B4F6",
        md5_hex("test") + " ",
        md5_hex("test").substr(1),
        hash,
        "{y}" + hash,
        " {Y}" + hash,
        "{Y}" + hash + " ",
        "{Y}" + hash.substr(0, hash.size() - 1),
        "{Y}" + hash + "x",
        "{Y}" + sha512,
        sha512,
        "{Y}" + des,
        des,
        "{Y}*0",
        "{Y}$y$j75$*",
        "{Y}$y$j75$$" + hash.substr(hash.size() - 43),
        "{Y}$y$j75$1FQ22F/4eLpZyt/SkCnrwz$" + hash.substr(hash.size() - 43),
        "{Y}$y$j75$" + std::string(1000, 'a') + "$" + hash.substr(hash.size() - 43),
    }));
    CAPTURE(stored);
    CHECK_FALSE(verify_password(stored, "test"));
    CHECK_FALSE(verify_md5(stored, md5_hex("test")));
    if (!stored.empty()) {
        CHECK_FALSE(verify_password(stored, stored));
    }
}

TEST_CASE("a hash that would take seconds and gigabytes is not even tried", "[accounts]") {
    const auto rest = std::string("$1FQ22F/4eLpZyt/SkCnrw0$") + std::string(43, 'a');
    CHECK(kind_of("{Y}$y$jDT" + rest) == SecretKind::native);
    CHECK(kind_of("{Y}$y$jET" + rest) == SecretKind::unusable);
    CHECK(kind_of("{Y}$y$jZT" + rest) == SecretKind::unusable);
    CHECK(kind_of("{Y}$y$j9TTTTTT" + rest) == SecretKind::unusable);
}

TEST_CASE("a password of the longest size logs in, a longer one does not", "[accounts]") {
    const std::string longest(max_password, 'x');
    const auto secret = "{Y}" + yescrypt_of(longest);
    CHECK(verify_password(secret, longest));
    CHECK_FALSE(verify_password(secret, longest.substr(1)));
    CHECK_FALSE(verify_password("{Y}" + yescrypt_of(longest + "x"), longest + "x"));
    CHECK_FALSE(verify_password(md5_hex(longest + "x"), longest + "x"));
}

TEST_CASE("what follows a NUL in a password is not ignored", "[accounts]") {
    const auto secret = "{Y}" + yescrypt_of("test");
    CHECK_FALSE(verify_password(secret, std::string_view("test\0", 5)));
    CHECK_FALSE(verify_password(secret, std::string_view("test\0x", 6)));
}

TEST_CASE("passwords are bytes: any language has one", "[accounts]") {
    CHECK(verify_password(make_secret("p\xC3\xA0sswort \xE6\x97\xA5", true),
                          "p\xC3\xA0sswort \xE6\x97\xA5"));
}
