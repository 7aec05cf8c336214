// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/bus/monitor_line.hpp"
#include "tests/support/catch.hpp"

#include <giomm/init.h>

using namespace astcti;

namespace {

protocol::Call call() {
    protocol::Call call;
    call.id = "pbx1:1795406933.1:201";
    call.peer_number = "202";
    call.peer_name = "Demo 202";
    call.calldata = "12345";
    call.queue = "astcti";
    call.context = "astctidemo";
    return call;
}

std::string line(const protocol::Call& call) {
    Gio::init();
    return bus::monitor_line(bus::properties_of(call, {}));
}

} // namespace

TEST_CASE("a line has all that is known of a call", "[bus]") {
    auto one = call();
    CHECK(line(one) ==
          "ringing: 202 \"Demo 202\" calldata 12345 queue astcti context astctidemo id "
          "pbx1:1795406933.1:201");
    one.state = protocol::CallState::ended;
    one.end_reason = protocol::EndReason::answered_elsewhere;
    CHECK_THAT(line(one), Catch::Matchers::StartsWith("ended: 202 ") &&
                              Catch::Matchers::EndsWith(" reason answered-elsewhere"));
}

TEST_CASE("a line tells who does not want to be known, who is held, and who is a colleague",
          "[bus]") {
    auto one = call();
    one.peer_number.clear();
    one.peer_name.clear();
    one.withheld = true;
    CHECK_THAT(line(one), Catch::Matchers::StartsWith("ringing: withheld calldata 12345 "));
    auto other = call();
    other.state = protocol::CallState::held;
    other.internal = true;
    CHECK_THAT(line(other),
               Catch::Matchers::StartsWith("held: 202 \"Demo 202\" internal calldata 12345 "));
    other.state = protocol::CallState::ended;
    other.end_reason = protocol::EndReason::transferred;
    CHECK_THAT(line(other), Catch::Matchers::EndsWith(" reason transferred"));
}

TEST_CASE("parts without a value are left out", "[bus]") {
    protocol::Call one;
    one.id = "1";
    one.state = protocol::CallState::dialing;
    CHECK(line(one) == "dialing: id 1");
}

TEST_CASE("a line is one line, whatever the caller is called", "[bus]") {
    auto one = call();
    one.peer_name = "a\nringing: 999\x1b[2J\r\x07\xc2\x9b";
    const auto text = line(one);
    for (const char c : text)
        CHECK(static_cast<unsigned char>(c) >= 0x20);
    CHECK_THAT(text, Catch::Matchers::Contains("a ringing: 999[2J"));
}

TEST_CASE("text that is not UTF-8 never reaches D-Bus", "[bus]") {
    Gio::init();
    for (int byte = 1; byte < 256; ++byte) {
        protocol::Call one;
        one.peer_name = static_cast<char>(byte);
        one.variables = {{std::string(1, static_cast<char>(byte)), "\xed\xa0\x80"}};
        for (const auto& [name, value] : bus::properties_of(one, {})) {
            CAPTURE(byte, name.raw());
            REQUIRE(value.gobj() != nullptr);
        }
    }
    CHECK(bus::text(std::string_view("a\0b", 3)) == "ab");
}
