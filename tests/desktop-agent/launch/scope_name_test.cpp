// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/launch/scope_name.hpp"
#include "tests/support/catch.hpp"

using namespace astcti::launch;

TEST_CASE("a scope is named after the program and its process", "[launch]") {
    CHECK(scope_name("/usr/bin/logger", 123) == "app-astcti-logger-123.scope");
    CHECK(scope_name("org.gnome.Epiphany.desktop", 7) == "app-astcti-org.gnome.Epiphany-7.scope");
}

TEST_CASE("what parts a unit's name, or is not allowed in it, is escaped", "[launch]") {
    CHECK(scope_name("/opt/My CRM/open-page.sh", 1) == R"(app-astcti-open\x2dpage.sh-1.scope)");
    CHECK(scope_name("/usr/bin/a\\b@c\xc3\xa8", 1) == R"(app-astcti-a\x5cb\x40c\xc3\xa8-1.scope)");
}

TEST_CASE("no program's name makes a longer one than systemd takes", "[launch]") {
    constexpr std::size_t systemds_limit = 255;
    const std::string longest(max_scope_program, '-');
    const auto name = scope_name("/" + longest + "--", 2147483647);
    CHECK(name == scope_name(longest, 2147483647));
    CHECK(name.size() <= systemds_limit);
    CHECK(scope_name("", 1) == "app-astcti--1.scope");
}
