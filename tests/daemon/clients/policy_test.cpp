// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/clients/policy.hpp"
#include "tests/support/catch.hpp"

using namespace astcti::clients;

TEST_CASE("a pattern matches as in the dialplan", "[policy]") {
    CHECK(matches("_2XX", "203"));
    CHECK(matches("_NZX", "210"));
    CHECK(matches("_0.", "06123"));
    CHECK(matches("203", "203"));
    CHECK_FALSE(matches("_2XX", "303"));
    CHECK_FALSE(matches("_2XX", "20"));
    CHECK_FALSE(matches("_2XX", "2031"));
    CHECK_FALSE(matches("_2XX", "20a"));
    CHECK_FALSE(matches("_NZX", "110"));
    CHECK_FALSE(matches("_NZX", "200"));
    CHECK_FALSE(matches("_0.", "0"));
    CHECK_FALSE(matches("203", "204"));
    CHECK_FALSE(matches("2XX", "203"));
}

TEST_CASE("only what the configuration lists may be dialled", "[policy]") {
    const std::vector<OutboundRule> rules{{"astctidemo", "_2XX"}, {"outside", "_0."}};
    CHECK(is_allowed(rules, {"203", "astctidemo", "1"}));
    CHECK(is_allowed(rules, {"061234567", "outside", "1"}));
    CHECK_FALSE(is_allowed(rules, {"203", "outside", "1"}));
    CHECK_FALSE(is_allowed(rules, {"203", "default", "1"}));
    CHECK_FALSE(is_allowed(rules, {"203", "astctidemo", "2"}));
    CHECK_FALSE(is_allowed({}, {"203", "astctidemo", "1"}));
}

TEST_CASE("what means something in a dialplan is refused, not removed", "[policy]") {
    const std::vector<OutboundRule> any{{"c", "_."}, {"c", "_X."}};
    const auto number =
        GENERATE(as<std::string>{}, "", "300&Zap/g1/4165551212", "1,1,System(x)", "${SHELL(id)}",
                 "203|1", "\uFF12\uFF10\uFF13", "2 0 3", "203\r\nApplication: System", "PJSIP/203",
                 "[2]03", "203;x", std::string(33, '1'), "sip:203@x", "203\x01", "-203");
    CAPTURE(number);
    CHECK_FALSE(is_number(number));
    CHECK_FALSE(is_allowed(any, {number, "c", "1"}));
}

TEST_CASE("a number of the limit is one", "[policy]") {
    CHECK(is_number(std::string(32, '1')));
    CHECK(is_number("+39061234*#"));
}

TEST_CASE("a rule may be for one PBX only", "[policy]") {
    const std::vector<OutboundRule> rules{{"inside", "_2XX"}, {"outside", "_0.", "pbx2"}};
    CHECK(is_allowed_on("pbx1", rules, "inside", "203"));
    CHECK(is_allowed_on("pbx2", rules, "inside", "203"));
    CHECK_FALSE(is_allowed_on("pbx1", rules, "outside", "061234567"));
    CHECK(is_allowed_on("pbx2", rules, "outside", "061234567"));
    CHECK_FALSE(is_allowed_on("pbx2", rules, "outside", "203"));
    CHECK_FALSE(is_allowed_on("", rules, "outside", "061234567"));
}
