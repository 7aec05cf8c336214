// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ami/refusal.hpp"
#include "tests/support/catch.hpp"

using namespace astcti::ami;

TEST_CASE("a refusal names its likely causes", "[ami]") {
    const auto row = GENERATE(table<std::string, std::vector<std::string>>({
        {login_refused("cti", "Authentication failed"), {"the secret", "permit=", "[cti]"}},
        {login_refused("cti", "Login Already In Use"), {"allowmultiplelogin=no", "\"cti\""}},
        {list_refused("cti", "Permission denied", false),
         {"needs write=reporting", "read=call,agent,user", "write=originate,reporting"}},
        {list_refused("cti", "Permission denied", true), {"needs write=call", "[cti]"}},
        {no_greeting(10), {"within 10 s"}},
    }));
    for (const auto& part : std::get<1>(row))
        CHECK(std::get<0>(row).find(part) != std::string::npos);
}

TEST_CASE("a message of a peer stays one line", "[ami]") {
    CHECK(login_refused("cti", "a\x1b[31m\x07").find('\x1b') == std::string::npos);
}
