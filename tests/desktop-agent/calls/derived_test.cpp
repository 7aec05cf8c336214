// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/calls/derived.hpp"
#include "tests/support/catch.hpp"

using namespace astcti;
using namespace astcti::calls;

TEST_CASE("how the other party presents itself", "[calls]") {
    protocol::Call call;
    CHECK(presentation_of(call) == "unknown");
    call.peer_name = "Anna";
    CHECK(presentation_of(call) == "allowed");
    call.peer_name.clear();
    call.peer_number = "202";
    CHECK(presentation_of(call) == "allowed");
    call.withheld = true;
    CHECK(presentation_of(call) == "withheld");
}

TEST_CASE("a channel's device is its name up to the last dash", "[calls]") {
    using Devices = std::vector<std::string>;
    protocol::Call call;
    CHECK(devices_of(call) == Devices{});
    call.channel = "PJSIP/201-00000001";
    CHECK(devices_of(call) == Devices{"PJSIP/201"});
    call.channel = "SIP/desk-2-0a1b2c3d";
    CHECK(devices_of(call) == Devices{"SIP/desk-2"});
    call.channel = "Local/201@from-queue-00000004;2";
    CHECK(devices_of(call) == Devices{"Local/201@from-queue"});
    call.channel = "Console";
    CHECK(devices_of(call) == Devices{"Console"});
}

TEST_CASE("answered by is a telephone of this person, and only once it was answered", "[calls]") {
    protocol::Call call;
    call.channel = "PJSIP/201-00000001";
    CHECK(answered_by(call).empty());
    call.answer = 1;
    CHECK(answered_by(call) == "PJSIP/201");
    call.state = protocol::CallState::ended;
    CHECK(answered_by(call) == "PJSIP/201");
    call.direction = protocol::Direction::outbound;
    CHECK(answered_by(call).empty());
}
