// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/routing/people.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>

using namespace astcti;
using namespace astcti::routing;
using clients::SessionId;
using clients::SessionTable;

namespace {

using Sessions = std::vector<SessionId>;
using Persons = std::vector<Person>;

const Person anna{"anna", "PJSIP/201"};
const Person bert{"bert", "PJSIP/202"};

} // namespace

TEST_CASE("who logs in, leaves or changes the telephone is known at once", "[people]") {
    SessionTable sessions;
    People people(sessions);
    CHECK(people.at("pbx1", "PJSIP/201").empty());
    sessions.add({1, "anna", "PJSIP/201"});
    CHECK(people.at("pbx1", "PJSIP/201") == Persons{anna});
    sessions.add({2, "bert", "PJSIP/202", false, {"PJSIP/201"}});
    sessions.add({3, "anna", "PJSIP/201"});
    sessions.add({4, "old", "SIP/1", true});
    CHECK(people.at("pbx1", "PJSIP/201") == Persons{anna, bert});
    CHECK(people.sessions_of(anna) == Sessions{1, 3});
    CHECK(people.originals_at("pbx1", "SIP/1") == Sessions{4});
    CHECK(people.sessions_of({"old", "SIP/1"}).empty());
    SECTION("the first of two sessions leaves") {
        sessions.remove(1);
        CHECK(people.sessions_of(anna) == Sessions{3});
        CHECK(people.at("pbx1", "PJSIP/201") == Persons{bert, anna});
        sessions.remove(3);
        CHECK(people.sessions_of(anna).empty());
        CHECK(people.at("pbx1", "PJSIP/201") == Persons{bert});
        CHECK(people.originals_at("pbx1", "SIP/1") == Sessions{4});
    }
    SECTION("one leaves and another comes before anybody asks") {
        sessions.remove(2);
        sessions.add({5, "bert", "PJSIP/202"});
        CHECK(people.at("pbx1", "PJSIP/201") == Persons{anna});
        CHECK(people.sessions_of(bert) == Sessions{5});
    }
    SECTION("a session takes another telephone") {
        sessions.replace({1, "anna", "PJSIP/301"});
        CHECK(people.sessions_of(anna) == Sessions{3});
        CHECK(people.at("pbx1", "PJSIP/301") == Persons{{"anna", "PJSIP/301"}});
    }
}

TEST_CASE("the devices of a person are those of all her sessions, as a PBX calls them",
          "[people]") {
    SessionTable sessions;
    People people(sessions);
    people.set_aliases("pbx2", {{"PJSIP", "SIP"}});
    sessions.add({1, "anna", "SIP/201"});
    sessions.add({2, "anna", "SIP/201", false, {"Local/201@from-queue/n"}});
    const Person person{"anna", "SIP/201"};
    const auto hash = [](std::string_view device) { return calls::hash_of(device); };
    CHECK(people.device_hashes("pbx1", person) ==
          std::vector{hash("SIP/201"), hash("Local/201@from-queue")});
    const auto aliased = people.device_hashes("pbx2", person);
    CHECK(std::ranges::find(aliased, hash("PJSIP/201")) != aliased.end());
    CHECK(people.device_hashes("pbx1", bert).empty());
}
