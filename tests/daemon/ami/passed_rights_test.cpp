// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ami/passed_rights.hpp"
#include "tests/support/catch.hpp"

#include <string>

using namespace astcti::ami;

TEST_CASE("an event proves a right that was not proved a moment ago", "[ami]") {
    PassedRights passed;
    const auto proved = [&passed](const std::string& privilege, const std::string& rest) {
        return passed.proved_by("Event: X\r\nPrivilege: " + privilege + ",all\r\n" + rest + "\r\n");
    };
    const std::string some = "Channel: PJSIP/201-1\r\n";
    CHECK(proved("dialplan", some) == Right::dialplan);
    CHECK(proved("dialplan", some) == std::nullopt);
    CHECK(proved("dialplan", "Value: another\r\n") == std::nullopt);
    CHECK(proved("dtmf", some) == Right::dtmf);
    CHECK(proved("dialplan", some) == std::nullopt);
    // Those with the longest names, and more of them than are remembered.
    CHECK(proved("reporting", some) == Right::reporting);
    CHECK(proved("originate", some) == Right::originate);
    CHECK(proved("security", some) == Right::security);
    CHECK(proved("dialplan", some) == Right::dialplan);
}

TEST_CASE("an event that is too short, or says something else, proves what it says", "[ami]") {
    PassedRights passed;
    CHECK(passed.proved_by("Event: X\nPrivilege: cc,all\n\n") == Right::cc);
    CHECK(passed.proved_by("Event: X\nPrivilege: cc,all\n\n") == std::nullopt);
    CHECK(passed.proved_by("Event: X\nPrivilege: aoc,al") == std::nullopt);
    CHECK(passed.proved_by("Event: X\nPrivilege: aoc,all\n\n") == Right::aoc);
    CHECK(passed.proved_by("Event: X\nPrivilege: test,all and more\nY: z\n\n") == std::nullopt);
    CHECK(passed.proved_by("Event: X\nValue: \nPrivilege: test,all\n\n") == std::nullopt);
    for (const std::string nothing : {"", "\n", "\r\n", "Event: X", "Event: X\n", "Event: X\n\n"})
        CHECK(passed.proved_by(nothing) == std::nullopt);
}
