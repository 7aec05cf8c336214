// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/accounts/verified.hpp"
#include "tests/support/catch.hpp"

using astcti::accounts::Presented;
using astcti::accounts::Verified;

TEST_CASE("only exactly what was verified is known", "[accounts]") {
    Verified verified;
    CHECK_FALSE(verified.knows("anna", "stored", Presented::password, "x"));
    verified.remember("anna", "stored", Presented::password, "x");
    CHECK(verified.knows("anna", "stored", Presented::password, "x"));
    CHECK_FALSE(verified.knows("anna", "stored", Presented::password, "y"));
    CHECK_FALSE(verified.knows("anna", "stored", Presented::password, ""));
    CHECK_FALSE(verified.knows("anna", "stored", Presented::md5, "x"));
    CHECK_FALSE(verified.knows("anna", "other", Presented::password, "x"));
    CHECK_FALSE(verified.knows("Anna", "stored", Presented::password, "x"));
    CHECK_FALSE(verified.knows("", "stored", Presented::password, "x"));
    // No two triples are the same by where one text ends and the next begins.
    CHECK_FALSE(verified.knows("anna", "store", Presented::password, "dx"));
    CHECK_FALSE(verified.knows("annas", "tored", Presented::password, "x"));
    CHECK_FALSE(Verified().knows("anna", "stored", Presented::password, "x"));
}

TEST_CASE("what was verified last counts", "[accounts]") {
    Verified verified;
    verified.remember("anna", "old", Presented::password, "x");
    verified.remember("anna", "new", Presented::password, "y");
    CHECK_FALSE(verified.knows("anna", "old", Presented::password, "x"));
    CHECK(verified.knows("anna", "new", Presented::password, "y"));
}

TEST_CASE("only so many are remembered, the last ones", "[accounts]") {
    constexpr std::size_t limit = 10;
    Verified verified(limit);
    for (std::size_t i = 0; i <= limit; ++i) {
        verified.remember("user" + std::to_string(i), "s", Presented::password, "x");
        verified.remember("user" + std::to_string(i), "s", Presented::password, "y");
    }
    CHECK_FALSE(verified.knows("user0", "s", Presented::password, "y"));
    for (std::size_t i = 1; i <= limit; ++i)
        CHECK(verified.knows("user" + std::to_string(i), "s", Presented::password, "y"));
}
