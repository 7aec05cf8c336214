// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/routing/aliases.hpp"
#include "tests/support/catch.hpp"

using namespace astcti::routing;
using Names = std::vector<std::string>;

TEST_CASE("without aliases a device has one name", "[routing]") {
    CHECK(names_of("SIP/201", {}) == Names{"SIP/201"});
    CHECK(names_of("Local/201@from-queue/n", {}) == Names{"Local/201@from-queue"});
    CHECK(names_of("", {}).empty());
    CHECK(name_to_dial("Local/201@from-internal/n", {}) == "Local/201@from-internal/n");
}

TEST_CASE("with an alias a device has two names, whichever the account has", "[routing]") {
    const Aliases aliases{{"PJSIP", "SIP"}};
    CHECK(names_of("SIP/201", aliases) == Names{"SIP/201", "PJSIP/201"});
    CHECK(names_of("PJSIP/201", aliases) == Names{"PJSIP/201", "SIP/201"});
    CHECK(names_of("IAX2/201", aliases) == Names{"IAX2/201"});
    CHECK(names_of("SIPX/201", aliases) == Names{"SIPX/201"});
    CHECK(names_of("SIP", aliases) == Names{"SIP", "PJSIP"});
}

TEST_CASE("several aliases give several names, each once", "[routing]") {
    const Aliases aliases{{"PJSIP", "SIP"}, {"PJSIP", "Zap"}, {"SIP", "PJSIP"}};
    CHECK(names_of("SIP/201", aliases) == Names{"SIP/201", "PJSIP/201"});
    CHECK(names_of("PJSIP/201", aliases) == Names{"PJSIP/201", "SIP/201", "Zap/201"});
}

TEST_CASE("a telephone is rung by the PBX's name for it", "[routing]") {
    const Aliases aliases{{"PJSIP", "SIP"}};
    CHECK(name_to_dial("SIP/201", aliases) == "PJSIP/201");
    CHECK(name_to_dial("PJSIP/201", aliases) == "PJSIP/201");
    CHECK(name_to_dial("DAHDI/1", aliases) == "DAHDI/1");
}
