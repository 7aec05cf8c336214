// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/routing/router.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/trace.hpp"

using namespace astcti;
using routing::Delivery;
using routing::Router;

namespace {

const std::string mid_call = "tests/data/ami/asterisk-22/snapshot-mid-call.txt";

// Feeds a trace until an event of this name has been applied; what was told meanwhile.
std::vector<Delivery> feed_until(Router& router, calls::CallTable& table, const std::string& path,
                                 std::string_view last) {
    std::vector<Delivery> told;
    bool done = false;
    test::each_packet(test::source_file(path), [&](const ami::Packet& packet, calls::Clock now) {
        if (done)
            return;
        for (auto& delivery : router.changed(table, table.apply(packet, now)))
            told.push_back(std::move(delivery));
        table.sweep();
        done = packet.event() == last;
    });
    REQUIRE(done);
    return told;
}

const protocol::EventBody& body(const Delivery& delivery) {
    return std::get<protocol::EventBody>(delivery.event);
}

} // namespace

TEST_CASE("who logs in during a call gets it in the snapshot, with its id", "[routing]") {
    clients::SessionTable sessions;
    Router router(sessions);
    calls::CallTable table("pbx1", {"calldata"});
    feed_until(router, table, mid_call, "CoreShowChannelsComplete");

    sessions.add({7, "anna", "PJSIP/201", false});
    const auto snapshot =
        router.snapshot(*sessions.find(7), "e1", {&table}, {{"pbx1", true}, {"pbx2", false}});

    REQUIRE(snapshot.size() == 5);
    CHECK(body(snapshot[0]) ==
          protocol::EventBody(protocol::SnapshotBegin{"e1", "anna", "PJSIP/201"}));
    CHECK(body(snapshot[1]) == protocol::EventBody(protocol::PbxState{"pbx1", true}));
    CHECK(body(snapshot[2]) == protocol::EventBody(protocol::PbxState{"pbx2", false}));
    const auto& call = std::get<protocol::CallEvent>(body(snapshot[3])).call;
    CHECK(call.id == "pbx1:1795406905.11:anna");
    CHECK(call.state == protocol::CallState::answered);
    CHECK(call.peer_number == "202");
    CHECK(call.direction == protocol::Direction::inbound);
    CHECK(body(snapshot[4]) == protocol::EventBody(protocol::SnapshotEnd{}));
}

TEST_CASE("a table that was filled by a snapshot tells the same call", "[routing]") {
    clients::SessionTable sessions;
    sessions.add({7, "anna", "PJSIP/201", false});
    Router router(sessions);
    calls::CallTable table("pbx1", {"calldata"});

    // Only the list, as after a restart of astctid in mid-call.
    std::vector<Delivery> told;
    table.begin_snapshot();
    test::each_packet(test::source_file(mid_call),
                      [&](const ami::Packet& packet, calls::Clock now) {
                          if (packet.event() == "CoreShowChannel")
                              for (auto& delivery : router.changed(table, table.apply(packet, now)))
                                  told.push_back(std::move(delivery));
                      });
    CHECK(told.empty());
    told = router.changed(table, table.end_snapshot(test::trace_start));

    REQUIRE(told.size() == 1);
    const auto& call = std::get<protocol::CallEvent>(body(told[0])).call;
    CHECK(call.id == "pbx1:1795406905.11:anna");
    CHECK(call.direction == protocol::Direction::inbound);
    CHECK(call.state == protocol::CallState::answered);
    CHECK(call.peer_number == "202");
    CHECK(call.called_number == "201");
}

TEST_CASE("every session of a person is told, and nobody else", "[routing]") {
    clients::SessionTable sessions;
    sessions.add({1, "anna", "PJSIP/201", false});
    sessions.add({2, "anna", "PJSIP/201", false});
    sessions.add({3, "dora", "PJSIP/203", false});
    sessions.add({4, "erik", "", false});
    Router router(sessions);
    calls::CallTable table("pbx1", {});
    const auto told =
        feed_until(router, table, "tests/data/ami/asterisk-22/direct-201.txt", "BridgeCreate");

    std::vector<clients::SessionId> to;
    for (const auto& delivery : told)
        to.push_back(delivery.to);
    CHECK(to == std::vector<clients::SessionId>{1, 2, 1, 2}); // Ringing, Answered
}

TEST_CASE("a telephone that rings before it is told who calls waits for that", "[routing]") {
    clients::SessionTable sessions;
    sessions.add({1, "anna", "PJSIP/201", false});
    Router router(sessions);
    calls::CallTable table("pbx1", {"calldata"});
    const std::string caller = "Channel: PJSIP/202-0\nUniqueid: 1.0\nLinkedid: 1.0\n";
    const std::string ringing = "PJSIP/201-1\nUniqueid: 1.1\nLinkedid: 1.0\n";
    const auto feed = [&](const std::string& event) {
        std::vector<Delivery> told;
        test::each_packet(event + "\n\n", [&](const ami::Packet& packet, calls::Clock now) {
            told = router.changed(table, table.apply(packet, now));
        });
        return told;
    };
    feed("Event: Newchannel\n" + caller + "Exten: 100\nChannelStateDesc: Up");
    CHECK(feed("Event: Newchannel\nChannel: " + ringing + "ChannelStateDesc: Down").empty());
    CHECK(feed("Event: Newstate\nChannel: " + ringing + "ChannelStateDesc: Ringing").empty());
    const auto told = feed("Event: DialBegin\n" + caller +
                           "ChannelStateDesc: Up\nCallerIDNum: 202\nChanVariable: calldata=12345\n"
                           "DestChannel: PJSIP/201-1\nDestUniqueid: 1.1\n"
                           "DestChannelStateDesc: Ringing\nDestConnectedLineNum: 202");
    REQUIRE(told.size() == 1);
    const auto& call = std::get<protocol::CallEvent>(body(told[0])).call;
    CHECK(call.state == protocol::CallState::ringing);
    CHECK(call.calldata == "12345");
    CHECK(call.peer_number == "202");
}

TEST_CASE("calls of a PBX that stays away end as failed", "[routing]") {
    clients::SessionTable sessions;
    sessions.add({1, "anna", "PJSIP/201", false});
    Router router(sessions);
    calls::CallTable table("pbx1", {});
    feed_until(router, table, mid_call, "CoreShowChannelsComplete");

    const auto told = router.changed(table, table.end_all(test::trace_start));
    table.sweep();
    REQUIRE(told.size() == 1);
    const auto& call = std::get<protocol::CallEvent>(body(told[0])).call;
    CHECK(call.state == protocol::CallState::ended);
    CHECK(call.end_reason == protocol::EndReason::failed);
    CHECK(table.legs().all().empty());
}

TEST_CASE("after a reconnect the list tells what goes on and what is over", "[routing]") {
    clients::SessionTable sessions;
    sessions.add({1, "anna", "PJSIP/201", false});
    Router router(sessions);
    calls::CallTable table("pbx1", {});
    feed_until(router, table, mid_call, "CoreShowChannelsComplete");

    SECTION("the same channels: nothing is told anew") {
        table.begin_snapshot();
        std::vector<Delivery> told;
        test::each_packet(
            test::source_file(mid_call), [&](const ami::Packet& packet, calls::Clock now) {
                if (packet.event() == "CoreShowChannel")
                    for (auto& delivery : router.changed(table, table.apply(packet, now)))
                        told.push_back(std::move(delivery));
            });
        CHECK(router.changed(table, table.end_snapshot(test::trace_start)).empty());
        CHECK(told.empty());
        CHECK(table.legs().all().size() == 2);
    }
    SECTION("an empty list: the call is over") {
        table.begin_snapshot();
        const auto told = router.changed(table, table.end_snapshot(test::trace_start));
        REQUIRE(told.size() == 1);
        CHECK(std::get<protocol::CallEvent>(body(told[0])).call.state ==
              protocol::CallState::ended);
    }
}

TEST_CASE("an original client is told the four events of its telephone", "[routing]") {
    clients::SessionTable sessions;
    sessions.add({1, "anna", "SIP/201", true});
    Router router(sessions);
    calls::CallTable table("pbx1", {"calldata"});
    std::string told;
    test::each_packet(
        test::source_file("tests/data/ami/asterisk-16/ivr-100.txt"),
        [&](const ami::Packet& packet, calls::Clock now) {
            for (const auto& delivery : router.changed(table, table.apply(packet, now)))
                protocol::append_original_event(told,
                                                std::get<protocol::OriginalEvent>(delivery.event));
            table.sweep();
        });
    const std::string ids = "\t<uniqueid>1795406933.1</uniqueid>\n"
                            "\t<channel>SIP/201-00000001</channel>\n";
    const std::string caller = "\t<calleridnum>202</calleridnum>\n"
                               "\t<calleridname>Demo 202</calleridname>\n";
    const std::string call = "\t<context>astctidemo</context>\n\t<appdata>12345</appdata>\n";
    CHECK(told == "<event id=\"Newcallerid\">\n<call>" + ids + caller +
                      "\t<context>astctidemo</context>\n</call></event>\n" +
                      "<event id=\"Newstate\">\n<call>" + ids + caller +
                      "\t<state>Up</state>\n</call></event>\n" + "<event id=\"Link\">\n<call>" +
                      ids + caller + call + "</call></event>\n" + "<event id=\"Hangup\">\n<call>" +
                      ids + caller + call + "</call></event>\n");
}
