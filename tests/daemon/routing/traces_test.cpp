// SPDX-License-Identifier: GPL-3.0-or-later
// What Asterisk 16 (chan_sip) and 22 (chan_pjsip) sent during real calls, and exactly what
// the people at 201 (anna) and 202 (bert) are to be told of them.
#include "daemon/routing/router.hpp"
#include "protocol/event_writer.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/trace.hpp"

#include <fmt/format.h>
#include <map>

using namespace astcti;

namespace {

std::string line_of(const protocol::CallEvent& event) {
    const auto& call = event.call;
    auto line = fmt::format("{} {} {} '{}' called {}", protocol::event_name(event),
                            protocol::to_word(call.direction), call.peer_number, call.peer_name,
                            call.called_number);
    if (!call.queue.empty())
        line += " queue " + call.queue;
    if (!call.calldata.empty())
        line += " calldata " + call.calldata;
    if (call.end_reason != protocol::EndReason::none)
        line += fmt::format(" {} {}", protocol::to_word(call.end_reason), call.cause);
    return line + "\n";
}

struct Told {
    std::map<std::string, std::string> lines; // by user
    std::map<std::string, std::vector<protocol::Call>> calls;
};

Told replay(std::string_view scenario, int version) {
    const std::string technology = version == 16 ? "SIP" : "PJSIP";
    clients::SessionTable sessions;
    sessions.add({1, "anna", technology + "/201", false});
    sessions.add({2, "bert", technology + "/202", false});
    sessions.add({3, "carl", technology + "/20", false}); // a number that begins alike
    routing::Router router(sessions);
    calls::CallTable table("pbx1", {"calldata"});

    Told told;
    const auto path = fmt::format("tests/data/ami/asterisk-{}/{}.txt", version, scenario);
    const int malformed = test::each_packet(
        test::source_file(path), [&](const ami::Packet& packet, calls::Clock now) {
            for (const auto& delivery : router.changed(table, table.apply(packet, now))) {
                const auto& user = sessions.find(delivery.to)->user;
                const auto& event =
                    std::get<protocol::CallEvent>(std::get<protocol::EventBody>(delivery.event));
                told.lines[user] += line_of(event);
                told.calls[user].push_back(event.call);
            }
            table.sweep();
        });
    CHECK(malformed == 0);
    CHECK(table.legs().empty());
    CHECK(told.lines["carl"].empty());
    return told;
}

} // namespace

TEST_CASE("a call through the IVR is told to both sides, with the digits", "[routing]") {
    const int version = GENERATE(16, 22);
    CAPTURE(version);
    auto told = replay("ivr-100", version);
    CHECK(told.lines["anna"] ==
          "Ringing inbound 202 'Demo 202' called 100 calldata 12345\n"
          "Answered inbound 202 'Demo 202' called 100 calldata 12345\n"
          "Ended inbound 202 'Demo 202' called 100 calldata 12345 normal 16\n");
    CHECK(told.lines["bert"] ==
          "Dialing outbound 100 '' called 100\n"
          "Answered outbound 100 '' called 100\n"
          "Peer outbound 100 '' called 100 calldata 12345\n"
          "Peer outbound 201 'Demo 201' called 100 calldata 12345\n"
          "Ended outbound 201 'Demo 201' called 100 calldata 12345 normal 16\n");
}

TEST_CASE("a call through the queue is told with the queue", "[routing]") {
    const int version = GENERATE(16, 22);
    CAPTURE(version);
    auto told = replay("queue-101", version);
    CHECK(told.lines["anna"] ==
          "Ringing inbound 202 'Demo 202' called 101 queue astcti calldata 12345\n"
          "Answered inbound 202 'Demo 202' called 101 queue astcti calldata 12345\n"
          "Ended inbound 202 'Demo 202' called 101 queue astcti calldata 12345 normal 16\n");
    CHECK(told.lines["bert"] ==
          "Dialing outbound 101 '' called 101\n"
          "Answered outbound 101 '' called 101\n"
          "Peer outbound 101 '' called 101 calldata 12345\n"
          "Peer outbound 101 '' called 101 queue astcti calldata 12345\n"
          "Peer outbound 201 'Demo 201' called 101 queue astcti calldata 12345\n"
          "Ended outbound 201 'Demo 201' called 101 queue astcti calldata 12345 normal 16\n");
}

TEST_CASE("a direct call is told to both sides", "[routing]") {
    const int version = GENERATE(16, 22);
    CAPTURE(version);
    auto told = replay("direct-201", version);
    CHECK(told.lines["anna"] == "Ringing inbound 202 'Demo 202' called 201\n"
                                "Answered inbound 202 'Demo 202' called 201\n"
                                "Ended inbound 202 'Demo 202' called 201 normal 16\n");
    // chan_sip tells the name of who is called after it rings, chan_pjsip before.
    const std::string named = "Peer outbound 201 'Demo 201' called 201\n";
    const std::string rings = version == 16
                                  ? "Alerting outbound 201 '' called 201\n" + named
                                  : named + "Alerting outbound 201 'Demo 201' called 201\n";
    CHECK(told.lines["bert"] == "Dialing outbound 201 '' called 201\n" + rings +
                                    "Answered outbound 201 'Demo 201' called 201\n"
                                    "Ended outbound 201 'Demo 201' called 201 normal 16\n");
}

TEST_CASE("a call that nobody answers ends as such", "[routing]") {
    const int version = GENERATE(16, 22);
    CAPTURE(version);
    auto told = replay("no-answer", version);
    const std::string cause = version == 16 ? "16\n" : "0\n"; // of the telephone that rang
    CHECK(told.lines["anna"] == "Ringing inbound 202 'Demo 202' called 201\n"
                                "Ended inbound 202 'Demo 202' called 201 no-answer " +
                                    cause);
    const std::string named = "Peer outbound 201 'Demo 201' called 201\n";
    const std::string rings = version == 16
                                  ? "Alerting outbound 201 '' called 201\n" + named
                                  : named + "Alerting outbound 201 'Demo 201' called 201\n";
    CHECK(told.lines["bert"] == "Dialing outbound 201 '' called 201\n" + rings +
                                    "Ended outbound 201 'Demo 201' called 201 no-answer 0\n");
}

TEST_CASE("each event of a call has all that is known of it", "[routing]") {
    auto told = replay("ivr-100", 22);
    const auto& ringing = told.calls["anna"].at(0);
    CHECK(ringing.id == "pbx1:1795406847.1:anna");
    CHECK(ringing.pbx == "pbx1");
    CHECK(ringing.uniqueid == "1795406847.1");
    CHECK(ringing.linkedid == "1795406845.0");
    CHECK(ringing.channel == "PJSIP/201-00000001");
    CHECK(ringing.context == "astctidemo");
    CHECK(ringing.start == 1795406847000000);
    CHECK(ringing.answer == 0);

    const auto& ended = told.calls["anna"].at(2);
    CHECK(ended.id == ringing.id);
    CHECK(ended.answer > test::trace_start);
    CHECK(ended.end > ended.answer);
}
