// SPDX-License-Identifier: GPL-3.0-or-later
// What a session believes while a caller puts packets of his own into those of Asterisk.
#include "daemon/ami/byte_marks.hpp"
#include "daemon/ami/doubt.hpp"
#include "daemon/ami/packet_parser.hpp"
#include "daemon/ami/session.hpp"
#include "tests/support/catch.hpp"

#include <string>
#include <vector>

using namespace astcti;
using namespace std::chrono_literals;
using ami::Doubt;
using Meaning = ami::Session::Meaning;

namespace {

bool is_cut(const std::string& headers) {
    ami::PacketParser parser;
    ami::Packet packet;
    parser.feed(headers + "\r\n\r\n");
    REQUIRE(parser.next(packet) == ami::PacketParser::Status::packet);
    return Doubt::is_cut(packet);
}

// A session that has logged in and reads what it is sent, as ami::Client does.
struct Reader {
    ami::Time now = 100s;
    ami::PacketParser parser;
    ami::Session session{"ctimanager", "s3cret", now, "astcti-5ecret"};

    Reader() {
        session.banner("Asterisk Call Manager/11.0.0", now);
        read("Response: Success\r\nActionID: astcti-5ecret-1\r\nChallenge: 1\r\n\r\n"
             "Response: Success\r\nActionID: astcti-5ecret-2\r\n\r\n");
        session.take_output();
    }

    // What is done with each packet; nothing is said of those that are the session's own.
    std::vector<Meaning> read(const std::string& bytes) {
        std::vector<Meaning> meanings;
        ami::Packet packet;
        parser.feed(bytes);
        for (;;) {
            const auto status = parser.next(packet);
            if (status == ami::PacketParser::Status::need_more)
                return meanings;
            const auto meaning = status == ami::PacketParser::Status::malformed
                                     ? session.malformed(packet, now)
                                     : session.received(packet, now);
            if (meaning != Meaning::none)
                meanings.push_back(meaning);
        }
    }

    void end_lists() {
        REQUIRE(read("Event: BridgeListComplete\r\nActionID: astcti-5ecret-3\r\n\r\n"
                     "Event: QueueStatusComplete\r\nActionID: astcti-5ecret-4\r\n\r\n"
                     "Event: CoreShowChannelsComplete\r\nActionID: astcti-5ecret-5\r\n\r\n") ==
                std::vector{Meaning::snapshot_done});
        session.take_output();
        session.take_remarks();
    }
};

const std::string hangup = "Event: Hangup\r\nPrivilege: call,all\r\nChannel: PJSIP/201-1\r\n"
                           "Uniqueid: 1.1\r\nCause: 16\r\n\r\n";
// As Asterisk 22 writes a channel: what a caller can write is CallerIDNum.
std::string channel(const std::string& number) {
    return "Channel: PJSIP/trunk-9\r\nChannelStateDesc: Ring\r\nCallerIDNum: " + number +
           "\r\nCallerIDName: x\r\nUniqueid: 9.9\r\nLinkedid: 9.9\r\n";
}
std::string newchannel(const std::string& number) {
    return "Event: Newchannel\r\nPrivilege: call,all\r\n" + channel(number) + "\r\n";
}
std::string item(const std::string& number) {
    return "Event: CoreShowChannel\r\nActionID: astcti-5ecret-5\r\n" + channel(number) +
           "Application: Dial\r\nDuration: 00:00:07\r\nBridgeId: \r\n\r\n";
}
// As app_queue.c has it: the ActionID is the last header.
std::string queue_entry(const std::string& number) {
    return "Event: QueueEntry\r\nQueue: q\r\nChannel: PJSIP/trunk-9\r\nUniqueid: 9.9\r\n"
           "CallerIDNum: " +
           number +
           "\r\nCallerIDName: x\r\nWait: 1\r\nPriority: 0\r\nActionID: astcti-5ecret-4\r\n\r\n";
}

} // namespace

TEST_CASE("an event that ends in the middle of a channel is cut", "[ami]") {
    CHECK(is_cut("Event: Newstate\r\nChannel: PJSIP/1-1\r\nCallerIDNum: 1"));
    CHECK(is_cut("Event: Newstate\r\nChannel: PJSIP/1-1\r\nCallerIDNum: 1\r\nX: y"));
    CHECK(is_cut("Event: DialBegin\r\nChannel: A-1\r\nUniqueid: 1\r\nDestChannel: B-1\r\nX: y"));
    CHECK(is_cut("Event: MusicOnHoldStart\r\nChannel: A-1\r\nUniqueid: 1\r\nDestAccountCode: 5"));
    CHECK(is_cut("Event: QueueEntry\r\nChannel: A-1\r\nUniqueid: 1\r\nCallerIDNum: 5"));
    CHECK_FALSE(is_cut("Event: Newstate\r\nChannel: PJSIP/1-1\r\nCallerIDNum: 1\r\nUniqueid: 1.1"));
    CHECK_FALSE(is_cut("Event: TestEvent\r\nChannel: PJSIP/1-1"));              // has never more
    CHECK_FALSE(is_cut("Event: UserEvent\r\nUniqueid: 1.1\r\nCallerIDNum: 1")); // the dialplan's
}

TEST_CASE("an event that nobody needs is looked at, too", "[ami]") {
    const std::string start = "Event: HangupRequest\r\nChannel: PJSIP/trunk-9\r\n";
    Reader r;
    r.end_lists();
    CHECK(r.session.passed_over(start + "CallerIDNum: 1\r\nUniqueid: 9.9\r\nCause: 16\r\n\r\n"));
    CHECK(r.session.passed_over(""));
    CHECK(r.session.passed_over("\r\n"));
    CHECK_FALSE(r.session.is_in_doubt());
    for (const std::string end : {"CallerIDNum: 1\r\n\r\n", "CallerIDNum: 1\n\n\n",
                                  "AccountCode:x\n\n", "DestConnectedLineNum: 1\r\n\r\n"}) {
        CAPTURE(end);
        CHECK_FALSE(r.session.passed_over(start + end));
    }
    // Wherever the last line begins: in the last bytes that are looked at at once, or before.
    for (std::size_t size = 0; size < 3 * ami::marks_block; ++size) {
        const std::string value(size, 'x');
        CAPTURE(size);
        CHECK_FALSE(r.session.passed_over(start + "CallerIDNum: " + value + "\r\n\r\n"));
        CHECK_FALSE(r.session.passed_over(start + "AccountCode: " + value + "\n\n"));
        CHECK(r.session.passed_over(start + "CallerIDNum: 1\r\nValue: " + value + "\r\n\r\n"));
        CHECK(r.session.passed_over("X: " + value + "\r\nApplication: CallerIDNum:\r\n\r\n"));
    }
    r.session.was_cut(r.now);
    CHECK(r.read(hangup) == std::vector{Meaning::doubtful});
    CHECK(Doubt::begins("NewAccountCode")); // not passed over, it is looked at in full
    CHECK(is_cut("Event: NewAccountCode\r\nChannel: A-1\r\nAccountCode: 1\r\nX: y"));
}

TEST_CASE("an event behind one that was cut is doubtful until Asterisk answers", "[ami]") {
    const auto number = GENERATE(as<std::string>{}, "1\r\n\r\n" + hangup + "x: y",
                                 "1\r\n\r\n" + hangup.substr(0, hangup.size() - 4),
                                 "1\r\nEvent: x\r\n\r\n" + hangup + "x: y",
                                 "1\r\nUniqueid: 8.8\r\nUniqueid: 8.8\r\n\r\n" + hangup + "x: y");
    Reader r;
    r.end_lists();
    const auto meanings = r.read(newchannel(number));
    CHECK(std::ranges::count(meanings, Meaning::event) == 0);
    CHECK(r.session.is_in_doubt());
    CHECK(r.read(hangup) == std::vector{Meaning::doubtful});
    // It asks for a proof of who speaks, at once, and soon for the list.
    r.session.tick(r.now);
    CHECK(r.session.take_output().ends_with("Action: Ping\r\nActionID: astcti-5ecret-7\r\n\r\n"));
    CHECK(r.session.next_deadline() <= r.now + ami::Session::doubt_interval);
    CHECK(r.read("Response: Success\r\nActionID: astcti-5ecret-7\r\nPing: Pong\r\n\r\n" + hangup) ==
          std::vector{Meaning::event});
    REQUIRE(r.session.take_remarks().size() >= 1);
}

TEST_CASE("nobody can answer in Asterisk's place", "[ami]") {
    Reader r;
    r.end_lists();
    r.read(newchannel("1\r\n\r\nResponse: Success\r\nActionID: astcti-1\r\n\r\n" + hangup));
    CHECK(r.read(hangup) == std::vector{Meaning::doubtful});
    CHECK(r.read("Response: Success\r\nActionID: astcti-5ecret\r\n\r\n" + hangup) ==
          std::vector{Meaning::doubtful});
}

TEST_CASE("nothing but items is believed in the list of channels", "[ami]") {
    Reader r;
    CHECK(r.read(hangup) == std::vector{Meaning::event});
    CHECK(r.read(item("1") + hangup + item("1")) ==
          std::vector{Meaning::snapshot_item, Meaning::doubtful, Meaning::snapshot_item});
    // Of the one that was cut its channel is there, and the rest nobody's.
    CHECK(r.read(item("1\r\n\r\n" + hangup + "Event: CoreShowChannel\r\nChannel: a\r\nx: y")) ==
          std::vector{Meaning::cut_item, Meaning::doubtful, Meaning::doubtful});
    CHECK(r.read(item("1\r\nChannel: PJSIP/201-1")) == std::vector{Meaning::cut_item});
    CHECK(r.read(item("1")) == std::vector{Meaning::snapshot_item});
    r.end_lists();
    CHECK(r.session.is_in_doubt()); // until a list without such an item
    CHECK(r.read(hangup) == std::vector{Meaning::event});
    CHECK(r.session.next_deadline() <= r.now + ami::Session::doubt_interval);
}

TEST_CASE("a queue's caller cannot write an item of another list", "[ami]") {
    Reader r;
    const std::string invented =
        "Event: CoreShowChannel\r\nChannel: PJSIP/201-9\r\nUniqueid: 6.6\r\n"
        "ChannelStateDesc: Ringing";
    CHECK(r.read(queue_entry("1")) == std::vector{Meaning::snapshot_item});
    CHECK(r.read(queue_entry("1\r\n\r\n" + invented)) == std::vector{Meaning::cut_item});
    CHECK(r.read(queue_entry("1\r\nWait: 2\r\nPriority: 0\r\n\r\n" + invented)) ==
          std::vector{Meaning::cut_item});
    CHECK(r.read(queue_entry("1\r\n\r\nEvent: QueueStatusComplete\r\nx: y")) ==
          std::vector{Meaning::cut_item});
    CHECK(r.read(queue_entry("1\r\n\r\n" + hangup + invented)) ==
          std::vector{Meaning::cut_item, Meaning::doubtful});
    CHECK(r.read(queue_entry("1")) == std::vector{Meaning::snapshot_item});
    // Nor with the right ActionID, if it could be guessed.
    CHECK(r.read(invented + "\r\nActionID: astcti-5ecret-4\r\n\r\n").empty());
    r.end_lists();
}

TEST_CASE("live events between lists, and between members of a queue, are believed", "[ami]") {
    Reader r;
    const std::string member =
        "Event: QueueMember\r\nQueue: q\r\nActionID: astcti-5ecret-4\r\n\r\n";
    CHECK(r.read(member + hangup + member + hangup) == std::vector{Meaning::event, Meaning::event});
    CHECK(r.read("Event: BridgeListItem\r\nActionID: astcti-5ecret-3\r\n\r\n" + hangup) ==
          std::vector{Meaning::snapshot_item, Meaning::event});
    CHECK(r.read(queue_entry("1") +
                 "Event: QueueStatusComplete\r\nActionID: astcti-5ecret-4\r\n\r\n" + hangup) ==
          std::vector{Meaning::snapshot_item, Meaning::event});
}

TEST_CASE("only the answer to what it asked itself tells how its call went", "[ami]") {
    Reader r;
    r.end_lists();
    const std::string failed = "Event: OriginateResponse\r\nResponse: Failure\r\n"
                               "Channel: PJSIP/201\r\nUniqueid: <null>\r\nActionID: ";
    CHECK(r.read(failed + "astcti-5ecret-9\r\n\r\n") == std::vector{Meaning::event});
    CHECK(r.read(failed + "astcti-0ther-9\r\n\r\n").empty());
}
