// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/config/closest.hpp"
#include "tests/support/catch.hpp"

#include <string>

using namespace astcti::config;

TEST_CASE("a mistyped word finds the word that was meant", "[config]") {
    const std::vector<std::string_view> known{"database", "logging", "manager", "ctiserver"};
    CHECK(closest("manger", known) == "manager");
    CHECK(closest("managers", known) == "manager");
    CHECK(closest("mnaager", known) == "manager");
    CHECK(closest("Manager", known) == "manager");
    CHECK(closest("loging", known) == "logging");
}

TEST_CASE("a word that is near to nothing finds nothing", "[config]") {
    CHECK(closest("asterisk", {"database", "manager"}).empty());
    CHECK(closest("x", {"database", "ab"}).empty());
    CHECK(closest("", {"database"}).empty());
    CHECK(closest("manager", {}).empty());
    CHECK(closest(std::string(100'000, 'm'), {"manager"}).empty());
}
