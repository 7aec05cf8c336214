// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ami/packet_parser.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/death.hpp"

#include <type_traits>

using namespace astcti;
using ami::Packet;
using ami::PacketParser;

namespace {

constexpr std::string_view two = "Event: A\r\nChannel: SIP/1-1\r\nAppData: a long text\r\n\r\n"
                                 "Event: B\r\nChannel: SIP/2-1\r\n\r\n";

// The ways in which a parser goes on.
enum class Way { next, feed, room, reset };

void go_on(PacketParser& parser, Way way) {
    Packet other;
    if (way == Way::next)
        static_cast<void>(parser.next(other));
    else if (way == Way::feed)
        parser.feed("x");
    else if (way == Way::room)
        static_cast<void>(parser.room(1));
    else
        parser.reset();
}

} // namespace

TEST_CASE("a packet cannot be copied or moved", "[ami]") {
    STATIC_REQUIRE_FALSE(std::is_copy_constructible_v<Packet>);
    STATIC_REQUIRE_FALSE(std::is_copy_assignable_v<Packet>);
    STATIC_REQUIRE_FALSE(std::is_move_constructible_v<Packet>);
}

TEST_CASE("keys are found whatever their case, the first of several", "[ami]") {
    PacketParser parser;
    Packet packet;
    parser.feed("Event: A\r\nuniqueID: 1.1\r\nVariable: a\r\nvariable: b\r\n\r\n");
    REQUIRE(parser.next(packet) == PacketParser::Status::packet);
    CHECK(packet.get("Uniqueid") == "1.1");
    CHECK(packet.get("VARIABLE") == "a");
    CHECK_FALSE(packet.find("Uniquei"));
}

#ifndef NDEBUG
TEST_CASE("a packet that is used after its parser went on is noticed", "[ami]") {
    const auto way = GENERATE(Way::next, Way::feed, Way::room, Way::reset);
    PacketParser parser;
    Packet packet;
    parser.feed(two);
    REQUIRE(parser.next(packet) == PacketParser::Status::packet);
    CHECK(packet.event() == "A");
    const auto death = test::death_of([&] {
        go_on(parser, way);
        static_cast<void>(packet.event());
    });
    CHECK(death.status != 0);
    CHECK(death.said.find("a Packet was used after its parser went on") != std::string::npos);
    CHECK(packet.event() == "A"); // this process did not go on
}

TEST_CASE("a packet that is used after its parser is gone is noticed", "[ami]") {
    Packet packet;
    {
        PacketParser parser;
        parser.feed(two);
        REQUIRE(parser.next(packet) == PacketParser::Status::packet);
    }
    const auto death = test::death_of([&] { static_cast<void>(packet.headers()); });
    CHECK(death.said.find("a Packet was used after its parser went on") != std::string::npos);
}
#endif

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ASTCTI_CHECKS_ADDRESSES
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(ASTCTI_CHECKS_ADDRESSES)
TEST_CASE("a text of a packet that is used after its parser went on is noticed", "[ami]") {
    const auto way = GENERATE(Way::next, Way::feed, Way::reset);
    PacketParser parser;
    Packet packet;
    parser.feed(two);
    REQUIRE(parser.next(packet) == PacketParser::Status::packet);
    const auto kept = packet.get("AppData");
    CHECK(kept == "a long text");
    const auto death = test::death_of([&] {
        go_on(parser, way);
        volatile char seen = kept.front();
        static_cast<void>(seen);
    });
    CHECK(death.status != 0);
    CHECK(death.said.find("use-after-poison") != std::string::npos);
}
#endif
