// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/clients/session_table.hpp"
#include "tests/support/catch.hpp"

using namespace astcti::clients;

TEST_CASE("the oldest session of who has too many gives way", "[session]") {
    SessionTable table;
    table.add({1, "bert", "PJSIP/202"});
    for (SessionId id = 2; id < 2 + SessionTable::max_of_user; ++id)
        table.add({id, "anna", "PJSIP/201"});
    CHECK_FALSE(table.surplus_of("anna"));
    table.add({100, "anna", "PJSIP/201"});
    CHECK(table.surplus_of("anna") == SessionId{2});
    CHECK_FALSE(table.surplus_of("bert"));
    CHECK_FALSE(table.surplus_of("nobody"));
    table.remove(2);
    table.remove(2);
    CHECK_FALSE(table.surplus_of("anna"));
    table.add({101, "anna", "PJSIP/201"});
    CHECK(table.surplus_of("anna") == SessionId{3});
}

TEST_CASE("what is added at the end is no departure", "[session]") {
    SessionTable table;
    table.add({1, "anna", "PJSIP/201"});
    table.add({2, "bert", "PJSIP/202"});
    const auto before = table.departures();
    table.add({3, "carla", "PJSIP/203"});
    CHECK(table.departures() == before);
    table.replace({9, "nobody", ""});
    CHECK(table.departures() == before);
    table.replace({2, "bert", "PJSIP/302"});
    CHECK(table.departures() != before);
    const auto replaced = table.departures();
    table.remove(1);
    CHECK(table.departures() != replaced);
}
