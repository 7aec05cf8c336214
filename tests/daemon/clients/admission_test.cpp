// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/clients/admission.hpp"
#include "tests/support/catch.hpp"

#include <set>

using namespace astcti::clients;
using Verdict = Admission::Verdict;

namespace {

bool nobody(SessionId) {
    return false;
}
bool everybody(SessionId) {
    return true;
}

constexpr std::size_t plenty = 65536;

} // namespace

TEST_CASE("a source is an IPv4 address, or the network of an IPv6 one", "[admission]") {
    CHECK(source_of("10.0.0.7") == "10.0.0.7");
    CHECK(source_of("2001:db8:1:2:3:4:5:6") == "2001:db8:1:2::/64");
    CHECK(source_of("2001:db8:1:2:ffff::1") == source_of("2001:db8:1:2::"));
    CHECK(source_of("2001:db8:1:3::1") != source_of("2001:db8:1:2::1"));
    CHECK(source_of("fe80::1%eth0") == "fe80::/64");
    CHECK(source_of("local user anna") == "local user anna");
    CHECK(source_of("").empty());
}

TEST_CASE("one source has few strangers at a time", "[admission]") {
    Admission admission(plenty);
    SessionId id = 0;
    for (std::size_t i = 0; i < Admission::max_unauthenticated_per_source; ++i)
        REQUIRE(admission.arrived(++id, "10.0.0.7", nobody).verdict == Verdict::admitted);
    const auto refused = admission.arrived(++id, "10.0.0.7", nobody);
    CHECK(refused.verdict == Verdict::too_many_from_source);
    CHECK_FALSE(refused.makes_room);
    CHECK(admission.arrived(++id, "10.0.0.8", nobody).verdict == Verdict::admitted);
    SECTION("who logs in is none any more") {
        admission.logged_in(1);
        CHECK(admission.arrived(++id, "10.0.0.7", nobody).verdict == Verdict::admitted);
    }
    SECTION("nor is who leaves") {
        admission.left(1);
        CHECK(admission.arrived(++id, "10.0.0.7", nobody).verdict == Verdict::admitted);
        CHECK(admission.size() == Admission::max_unauthenticated_per_source + 1);
    }
    SECTION("a trusted network has as many as want") {
        for (int i = 0; i < 1000; ++i)
            REQUIRE(admission.arrived(++id, "", nobody).verdict == Verdict::admitted);
        CHECK(admission.unauthenticated() == 1011);
    }
}

TEST_CASE("in a flood the oldest stranger makes room, and nobody else", "[admission]") {
    Admission admission(plenty);
    SessionId id = 0;
    admission.arrived(++id, "10.9.9.9", nobody);
    admission.logged_in(id);
    for (std::size_t i = 0; i < Admission::max_unauthenticated; ++i)
        REQUIRE_FALSE(admission.arrived(++id, "f" + std::to_string(i), nobody).makes_room);
    const auto first = admission.arrived(++id, "10.0.0.7", nobody);
    CHECK(first.verdict == Verdict::admitted);
    CHECK(first.makes_room == 2);
    CHECK(admission.unauthenticated() == Admission::max_unauthenticated);
    CHECK(admission.size() == Admission::max_unauthenticated + 1);
    SECTION("not one whose password is being looked at") {
        const auto next = admission.arrived(++id, "x", [](SessionId who) { return who < 10; });
        CHECK(next.makes_room == 10);
    }
    SECTION("if all are, the one that comes is turned away") {
        CHECK(admission.arrived(++id, "x", everybody).verdict == Verdict::too_many_strangers);
    }
}

TEST_CASE("a legitimate client logs in while 19000 others connect", "[admission]") {
    Admission admission(plenty);
    SessionId id = 0;
    SessionId legitimate = 0;
    bool closed = false;
    for (int i = 0; i < 19000; ++i) {
        if (i == 9000)
            legitimate = id + 1;
        const auto source = i == 9000 ? std::string("10.0.0.7") : "flood" + std::to_string(i / 10);
        const auto decision = admission.arrived(++id, source, nobody);
        closed = closed || (legitimate != 0 && decision.makes_room == legitimate);
        // It needs as long as a thousand others take to connect.
        if (i == 10000)
            admission.logged_in(legitimate);
        REQUIRE(admission.unauthenticated() <= Admission::max_unauthenticated);
    }
    CHECK_FALSE(closed);
}

TEST_CASE("clients leave descriptors for Asterisk and the administrator", "[admission]") {
    CHECK(Admission(plenty).capacity() == Admission::max_clients);
    CHECK(Admission(1024).capacity() == 1024 - Admission::reserved_descriptors);
    CHECK(Admission(10).capacity() == 0);
    Admission admission(66);
    CHECK(admission.arrived(1, "a", nobody).verdict == Verdict::admitted);
    CHECK(admission.arrived(2, "b", nobody).verdict == Verdict::admitted);
    CHECK(admission.arrived(3, "c", nobody).makes_room == 1);
    admission.logged_in(2);
    admission.logged_in(3);
    CHECK(admission.arrived(4, "d", nobody).verdict == Verdict::too_many_clients);
    admission.left(2);
    CHECK(admission.arrived(5, "d", nobody).verdict == Verdict::admitted);
}
