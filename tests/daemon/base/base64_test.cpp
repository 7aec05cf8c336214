// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/base/base64.hpp"
#include "tests/support/catch.hpp"

using astcti::base::from_base64;
using astcti::base::to_base64;

TEST_CASE("the examples of RFC 4648 are read", "[base64]") {
    CHECK(from_base64("") == "");
    CHECK(from_base64("Zg==") == "f");
    CHECK(from_base64("Zm8=") == "fo");
    CHECK(from_base64("Zm9v") == "foo");
    CHECK(from_base64("Zm9vYmFy") == "foobar");
    CHECK(from_base64("AAEC/w==") == std::string("\0\1\2\xff", 4));
}

TEST_CASE("what is not base64 is nothing", "[base64]") {
    const auto text =
        GENERATE(as<std::string>{}, "Z", "Zg", "Zg=", "Zg===", "====", "Z===", "Zm9v Zg==", " Zm9v",
                 "Zm9v\n", "Zm=v", "Zm9_", "Zm9-", "=Zm9", "\xff\xff\xff\xff");
    CAPTURE(text);
    CHECK_FALSE(from_base64(text));
}

TEST_CASE("the examples of RFC 4648 are written", "[base64]") {
    CHECK(to_base64("").empty());
    CHECK(to_base64("f") == "Zg==");
    CHECK(to_base64("fo") == "Zm8=");
    CHECK(to_base64("foobar") == "Zm9vYmFy");
    CHECK(to_base64(std::string("\0\1\2\xff", 4)) == "AAEC/w==");
}
