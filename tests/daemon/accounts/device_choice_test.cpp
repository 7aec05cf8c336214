// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/accounts/device_choice.hpp"
#include "daemon/accounts/sqlite_store.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

using namespace astcti::accounts;

TEST_CASE("one may choose one's own telephones, and that of the desk one is at", "[devices]") {
    const astcti::test::TempDir directory;
    SqliteStore store(directory.path("astcti.db"));
    REQUIRE(store.add({"anna", "x", "", "PJSIP/201", {"PJSIP/211"}}) == Store::Added::done);
    REQUIRE(store.add({"bert", "x", "", "PJSIP/202"}) == Store::Added::done);
    REQUIRE(store.set_seat("10.0.0.7", "PJSIP/301"));
    REQUIRE(store.set_seat("10.0.1.0/24", "PJSIP/302"));
    REQUIRE(store.set_seat("10.0.2.0/24", "PJSIP/303&PJSIP/304"));

    CHECK(may_choose(store, "anna", "10.0.0.7", "PJSIP/201"));
    CHECK(may_choose(store, "anna", "10.0.0.7", "PJSIP/211"));
    CHECK(may_choose(store, "anna", "10.0.0.7", "PJSIP/301"));
    CHECK(may_choose(store, "anna", "10.0.1.9", "PJSIP/302"));

    CHECK_FALSE(may_choose(store, "anna", "10.0.0.7", "PJSIP/202"));
    CHECK_FALSE(may_choose(store, "anna", "10.0.0.7", "PJSIP/302"));
    CHECK_FALSE(may_choose(store, "anna", "10.0.0.8", "PJSIP/301"));
    CHECK_FALSE(may_choose(store, "anna", "", "PJSIP/301"));
    CHECK_FALSE(may_choose(store, "anna", "10.0.2.1", "PJSIP/303&PJSIP/304"));
    CHECK_FALSE(may_choose(store, "anna", "10.0.0.7", ""));
    CHECK_FALSE(may_choose(store, "nobody", "10.0.0.7", "PJSIP/301"));
}
