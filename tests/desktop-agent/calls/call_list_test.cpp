// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/calls/call_list.hpp"
#include "tests/support/catch.hpp"

using namespace astcti;
using namespace std::chrono_literals;
using calls::CallList;
using calls::Change;
using protocol::CallState;
using Kind = calls::Change::Kind;

namespace {

const calls::Time start{1000s};
constexpr protocol::Microseconds server_time = 5;

protocol::CallEvent event(CallState state, const std::string& id = "1") {
    protocol::CallEvent out;
    out.call.id = id;
    out.call.pbx = "pbx1";
    out.call.state = state;
    out.call.peer_number = "202";
    out.call.start = 7;
    return out;
}

protocol::CallEvent peer(const std::string& number, CallState state = CallState::ringing) {
    auto out = event(state);
    out.call.peer_number = number;
    out.peer_changed = true;
    return out;
}

std::vector<Change> apply(CallList& list, protocol::EventBody body, calls::Time now = start) {
    return list.apply({1, server_time, std::move(body)}, now);
}

std::vector<Change> snapshot(CallList& list, const std::vector<protocol::CallEvent>& calls) {
    CHECK(apply(list, protocol::SnapshotBegin{"1", "anna", "PJSIP/201"}).empty());
    for (const auto& call : calls)
        CHECK(apply(list, call).empty());
    return apply(list, protocol::SnapshotEnd{});
}

} // namespace

TEST_CASE("a call is added, then changed, with the names of what changed", "[calls]") {
    CallList list;
    auto changes = apply(list, event(CallState::ringing));
    REQUIRE(changes.size() == 1);
    CHECK(changes[0].kind == Kind::added);
    CHECK(changes[0].call.state == CallState::ringing);
    CHECK(list.active() == 1);

    auto answered = event(CallState::answered);
    answered.call.answer = 9;
    answered.call.peer_name = "Demo";
    changes = apply(list, answered);
    REQUIRE(changes.size() == 1);
    CHECK(changes[0].kind == Kind::changed);
    CHECK(changes[0].properties == std::vector<std::string>{"State", "PeerName", "AnswerTime"});
}

TEST_CASE("an event that changes nothing is not told", "[calls]") {
    CallList list;
    apply(list, event(CallState::ringing));
    CHECK(apply(list, event(CallState::ringing)).empty());
}

TEST_CASE("what is constant stays, whatever the server says", "[calls]") {
    CallList list;
    apply(list, event(CallState::ringing));
    auto other = event(CallState::answered);
    other.call.pbx = "pbx2";
    other.call.start = 8;
    const auto changes = apply(list, other);
    REQUIRE(changes.size() == 1);
    CHECK(changes[0].properties == std::vector<std::string>{"State"});
    CHECK(changes[0].call.pbx == "pbx1");
    CHECK(changes[0].call.start == 7);
}

TEST_CASE("who picks up a call has dialled first: its direction changes", "[calls]") {
    CallList list;
    auto dialled = event(CallState::dialing);
    dialled.call.direction = protocol::Direction::outbound;
    apply(list, dialled);
    const auto changes = apply(list, event(CallState::answered));
    REQUIRE(changes.size() == 1);
    CHECK(changes[0].properties == std::vector<std::string>{"Direction", "State"});
    CHECK(changes[0].call.direction == protocol::Direction::inbound);
}

TEST_CASE("a call is held and taken back, and its party may change meanwhile", "[calls]") {
    CallList list;
    apply(list, event(CallState::answered));
    auto changes = apply(list, event(CallState::held));
    REQUIRE(changes.size() == 1);
    CHECK(changes[0].properties == std::vector<std::string>{"State"});
    CHECK(list.active() == 1);
    changes = apply(list, peer("203", CallState::held));
    REQUIRE(changes.size() == 1);
    CHECK(changes[0].call.state == CallState::held);
    auto resumed = event(CallState::answered);
    resumed.call.peer_number = "203";
    resumed.resumed = true;
    changes = apply(list, resumed);
    REQUIRE(changes.size() == 1);
    CHECK(changes[0].properties == std::vector<std::string>{"State"});
    CHECK(apply(list, resumed).empty());
    CHECK_FALSE(list.next_expiry());
}

TEST_CASE("what is new of a call is told with its name", "[calls]") {
    CallList list;
    apply(list, event(CallState::answered));
    auto all = event(CallState::answered);
    all.call.own_number = "201";
    all.call.own_name = "Anna";
    all.call.peer_number.clear();
    all.call.withheld = true;
    all.call.internal = true;
    const auto changes = apply(list, all);
    REQUIRE(changes.size() == 1);
    CHECK(changes[0].properties == std::vector<std::string>{"OwnNumber", "OwnName", "PeerNumber",
                                                            "Presentation", "Internal"});
}

TEST_CASE("a changed peer keeps the state that is known", "[calls]") {
    CallList list;
    apply(list, event(CallState::answered));
    const auto changes = apply(list, peer("203"));
    REQUIRE(changes.size() == 1);
    CHECK(changes[0].properties == std::vector<std::string>{"PeerNumber"});
    CHECK(changes[0].call.state == CallState::answered);
    CHECK(changes[0].peer_changed);
}

TEST_CASE("an ended call stays for half a minute", "[calls]") {
    CallList list;
    apply(list, event(CallState::ringing));
    CHECK_FALSE(list.next_expiry());
    apply(list, event(CallState::ended));
    CHECK(list.active() == 0);
    CHECK(list.next_expiry() == start + CallList::ended_call_stays);
    // The server telling of it again does not make it stay longer.
    auto again = event(CallState::ended);
    again.call.cause = 16;
    apply(list, again, start + 10s);
    CHECK(list.expire(start + CallList::ended_call_stays - 1ms).empty());
    const auto changes = list.expire(start + CallList::ended_call_stays);
    REQUIRE(changes.size() == 1);
    CHECK(changes[0].kind == Kind::removed);
    CHECK(changes[0].call.cause == 16);
    CHECK_FALSE(list.next_expiry());
}

TEST_CASE("a call that lives again is not removed", "[calls]") {
    CallList list;
    apply(list, event(CallState::ended));
    apply(list, event(CallState::answered));
    CHECK_FALSE(list.next_expiry());
    CHECK(list.expire(start + 1h).empty());
}

TEST_CASE("a snapshot replaces everything at its end, and only there", "[calls]") {
    CallList list;
    apply(list, event(CallState::ringing, "gone"));
    apply(list, event(CallState::ringing, "same"));
    apply(list, event(CallState::ringing, "further"));
    const auto changes =
        snapshot(list, {event(CallState::ringing, "same"), event(CallState::answered, "further"),
                        event(CallState::ringing, "new")});
    REQUIRE(changes.size() == 3);
    CHECK(changes[0].call.id == "gone");
    CHECK(changes[0].call.state == CallState::ended);
    CHECK(changes[0].call.end == server_time);
    CHECK(changes[0].call.end_reason == protocol::EndReason::normal);
    CHECK(changes[1].call.id == "further");
    CHECK(changes[1].from_snapshot);
    CHECK(changes[2].call.id == "new");
    CHECK(changes[2].kind == Kind::added);
}

TEST_CASE("a snapshot cut short is forgotten with the next one", "[calls]") {
    CallList list;
    apply(list, protocol::SnapshotBegin{});
    apply(list, event(CallState::ringing, "half"));
    const auto changes = snapshot(list, {event(CallState::ringing, "whole")});
    REQUIRE(changes.size() == 1);
    CHECK(changes[0].call.id == "whole");
}

TEST_CASE("the end of a snapshot that never began changes nothing", "[calls]") {
    CallList list;
    apply(list, event(CallState::ringing));
    CHECK(apply(list, protocol::SnapshotEnd{}).empty());
    CHECK(list.active() == 1);
}

TEST_CASE("when the server is lost every call ends, once", "[calls]") {
    CallList list;
    apply(list, event(CallState::ringing, "1"));
    apply(list, event(CallState::ended, "2"));
    const auto changes = list.lost(11, start);
    REQUIRE(changes.size() == 1);
    CHECK(changes[0].call.id == "1");
    CHECK(changes[0].call.end == 11);
    CHECK(changes[0].call.end_reason == protocol::EndReason::failed);
    CHECK(list.lost(12, start).empty());
}

TEST_CASE("a server gone mad cannot fill the memory", "[calls]") {
    CallList list;
    for (std::size_t i = 0; i < CallList::max_calls; ++i)
        apply(list, event(CallState::ringing, std::to_string(i)));
    CHECK(apply(list, event(CallState::ringing, "one more")).empty());
    CHECK(list.active() == CallList::max_calls);
    // What is known goes on.
    CHECK(apply(list, event(CallState::answered, "7")).size() == 1);

    std::vector<protocol::CallEvent> many;
    for (std::size_t i = 0; i < CallList::max_calls + 10; ++i)
        many.push_back(event(CallState::ringing, "s" + std::to_string(i)));
    snapshot(list, many);
    CHECK(list.active() <= CallList::max_calls);
}

TEST_CASE("a call that has ended makes room for one that rings", "[calls]") {
    CallList list;
    for (std::size_t i = 0; i < CallList::max_calls; ++i)
        apply(list, event(CallState::ringing, std::to_string(i)));
    apply(list, event(CallState::ended, "5"), start + 1s);
    apply(list, event(CallState::ended, "3"), start + 2s);

    const auto changes = apply(list, event(CallState::ringing, "one more"), start + 3s);
    REQUIRE(changes.size() == 2);
    CHECK(changes[0].kind == Kind::removed);
    CHECK(changes[0].call.id == "5");
    CHECK(changes[1].kind == Kind::added);
    CHECK(changes[1].call.id == "one more");
    CHECK(list.active() == CallList::max_calls - 1);
    CHECK(list.next_expiry() == start + 2s + CallList::ended_call_stays);

    CHECK(apply(list, event(CallState::ringing, "and another")).size() == 2);
    CHECK(apply(list, event(CallState::ringing, "too many")).empty());
}

TEST_CASE("of calls that ended so many stay, the last ones", "[calls]") {
    CallList list;
    for (std::size_t i = 0; i < CallList::max_ended; ++i) {
        CHECK(apply(list, event(CallState::ringing, std::to_string(i))).size() == 1);
        apply(list, event(CallState::ended, std::to_string(i)), start + std::chrono::seconds(i));
    }
    const auto changes = apply(list, event(CallState::ringing, "one more"));
    REQUIRE(changes.size() == 2);
    CHECK(changes[0].kind == Kind::removed);
    CHECK(changes[0].call.id == "0");
    CHECK(changes[1].kind == Kind::added);
}

namespace {

// As of a server that was started anew and has not asked the PBX yet.
std::vector<Change> snapshot_without_pbx(CallList& list, const std::string& pbx = "pbx1") {
    apply(list, protocol::SnapshotBegin{"2", "anna", "PJSIP/201"});
    apply(list, protocol::PbxState{pbx, false});
    return apply(list, protocol::SnapshotEnd{});
}

} // namespace

TEST_CASE("a call of a PBX that the server does not hear yet goes on", "[calls]") {
    CallList list;
    apply(list, event(CallState::ringing));
    CHECK(snapshot_without_pbx(list).empty());
    CHECK(list.next_expiry() == start + CallList::pbx_stays_down);

    SECTION("and was never away if the server finds it, before the PBX is up or after") {
        const bool is_before = GENERATE(true, false);
        if (!is_before)
            apply(list, protocol::PbxState{"pbx1", true}, start + 1s);
        const auto changes = apply(list, event(CallState::answered), start + 1s);
        apply(list, protocol::PbxState{"pbx1", true}, start + 1s);
        REQUIRE(changes.size() == 1);
        CHECK(changes[0].properties == std::vector<std::string>{"State"});
        CHECK(list.expire(start + CallList::pbx_stays_down).empty());
        CHECK(list.active() == 1);
    }
    SECTION("and has ended if it does not") {
        apply(list, protocol::PbxState{"pbx2", true}, start + 1s);
        CHECK(list.next_expiry() == start + CallList::pbx_stays_down);
        apply(list, protocol::PbxState{"pbx1", true}, start + 1s);
        CHECK(list.next_expiry() == start + 1s + CallList::pbx_tells_calls);
        const auto changes = list.expire(start + 1s + CallList::pbx_tells_calls);
        REQUIRE(changes.size() == 1);
        CHECK(changes[0].call.state == CallState::ended);
        CHECK(changes[0].call.end_reason == protocol::EndReason::normal);
        CHECK(changes[0].call.end == server_time);
    }
    SECTION("and has ended if the PBX stays away, also over further snapshots") {
        CHECK(snapshot_without_pbx(list).empty());
        CHECK(list.expire(start + CallList::pbx_stays_down - 1ms).empty());
        const auto changes = list.expire(start + CallList::pbx_stays_down);
        REQUIRE(changes.size() == 1);
        CHECK(changes[0].call.end_reason == protocol::EndReason::failed);
    }
    SECTION("and has ended if a snapshot with the PBX does not have it") {
        CHECK(snapshot(list, {}).size() == 1);
        CHECK(list.expire(start + 1s).empty());
    }
}

TEST_CASE("a call of a PBX that is gone from the configuration has ended", "[calls]") {
    CallList list;
    apply(list, event(CallState::ringing));
    CHECK(snapshot_without_pbx(list, "pbx2").size() == 1);
}
