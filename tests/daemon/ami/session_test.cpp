// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ami/packet_parser.hpp"
#include "daemon/ami/session.hpp"
#include "tests/support/catch.hpp"

using namespace astcti;
using namespace std::chrono_literals;
using ami::Session;
using Meaning = Session::Meaning;

namespace {

// A session and what Asterisk says to it.
struct Dialogue {
    ami::Time now = 100s;
    Session session{"ctimanager", "s3cret", now};

    Meaning say(const std::string& headers) {
        ami::PacketParser parser;
        ami::Packet packet;
        parser.feed(headers + "\r\n\r\n");
        REQUIRE(parser.next(packet) == ami::PacketParser::Status::packet);
        return session.received(packet, now);
    }

    void log_in() {
        session.banner("Asterisk Call Manager/11.0.0", now);
        say("Response: Success\r\nActionID: astcti-1\r\nChallenge: 123456");
        REQUIRE(
            say("Response: Success\r\nActionID: astcti-2\r\nMessage: Authentication accepted") ==
            Meaning::logged_in);
        session.take_output();
    }

    void run() {
        log_in();
        answer("3", "4", "5");
        REQUIRE(session.take_snapshot_begun());
        REQUIRE(session.take_output() == "Action: ListCommands\r\nActionID: astcti-6\r\n\r\n");
        say("Response: Success\r\nActionID: astcti-6\r\n"
            "Originate: x.  (Priv: originate,all)\r\n"
            "CoreShowChannels: x.  (Priv: system,reporting,all)");
        session.take_remarks();
    }

    ami::Originate call_to(std::string_view number) {
        const auto value = [](std::string_view text) { return *ami::ActionValue::from(text); };
        return {value("SIP/201"), value("c"), value(number), value("201"), value("astcti-1.1")};
    }

    // The three lists, all empty.
    void answer(const std::string& bridges, const std::string& queues,
                const std::string& channels) {
        say("Event: BridgeListComplete\r\nActionID: astcti-" + bridges);
        say("Event: QueueStatusComplete\r\nActionID: astcti-" + queues);
        REQUIRE(say("Event: CoreShowChannelsComplete\r\nActionID: astcti-" + channels) ==
                Meaning::snapshot_done);
    }
};

} // namespace

TEST_CASE("login is by challenge, and asks for a snapshot", "[ami]") {
    Dialogue d;
    CHECK(d.session.take_output().empty());
    d.session.banner("Asterisk Call Manager/11.0.0", d.now);
    CHECK(d.session.take_output() ==
          "Action: Challenge\r\nActionID: astcti-1\r\nAuthType: MD5\r\n\r\n");
    CHECK(d.say("Response: Success\r\nActionID: astcti-1\r\nChallenge: 123456") == Meaning::none);
    // printf 123456s3cret | md5sum
    CHECK(d.session.take_output() ==
          "Action: Login\r\nActionID: astcti-2\r\nAuthType: MD5\r\nUsername: ctimanager\r\n"
          "Key: 5ed1f0dc9003f2a40604fea3cf6cd609\r\n\r\n");
    CHECK_FALSE(d.session.is_logged_in());
    CHECK(d.say("Response: Success\r\nActionID: astcti-2\r\nMessage: Authentication accepted") ==
          Meaning::logged_in);
    CHECK(d.session.take_output() == "Action: BridgeList\r\nActionID: astcti-3\r\n\r\n"
                                     "Action: QueueStatus\r\nActionID: astcti-4\r\n\r\n"
                                     "Action: CoreShowChannels\r\nActionID: astcti-5\r\n\r\n");
    CHECK(d.session.take_snapshot_begun());
    CHECK_FALSE(d.session.take_snapshot_begun());
    CHECK(d.session.greeting() == "Asterisk Call Manager/11.0.0");
}

TEST_CASE("the snapshot is told from the events in between", "[ami]") {
    Dialogue d;
    d.log_in();
    CHECK(d.say("Response: Success\r\nActionID: astcti-3\r\nEventList: start") == Meaning::none);
    CHECK(d.say("Event: BridgeListItem\r\nActionID: astcti-3") == Meaning::snapshot_item);
    CHECK(d.say("Event: BridgeListComplete\r\nActionID: astcti-3") == Meaning::none);
    CHECK(d.say("Event: QueueEntry\r\nActionID: astcti-4") == Meaning::snapshot_item);
    CHECK(d.say("Event: QueueMember\r\nActionID: astcti-4") == Meaning::none);
    CHECK(d.say("Event: QueueStatusComplete\r\nActionID: astcti-4") == Meaning::none);
    CHECK(d.say("Event: Newchannel\r\nChannel: SIP/2-2\r\nUniqueid: 2.2") == Meaning::event);
    CHECK(
        d.say("Event: CoreShowChannel\r\nActionID: astcti-5\r\nChannel: SIP/1-1\r\nUniqueid: 1") ==
        Meaning::snapshot_item);
    CHECK(d.say("Event: CoreShowChannelsComplete\r\nActionID: astcti-5") == Meaning::snapshot_done);
    CHECK(d.say("Event: Hangup\r\nChannel: SIP/2-2\r\nUniqueid: 2.2") == Meaning::event);
    CHECK(d.say("Event: CoreShowChannel\r\nActionID: astcti-5") == Meaning::event);
}

TEST_CASE("an Asterisk without queues or bridges has a snapshot all the same", "[ami]") {
    Dialogue d;
    d.log_in();
    CHECK(d.say("Response: Error\r\nActionID: astcti-3\r\nMessage: Invalid/unknown command") ==
          Meaning::none);
    CHECK(d.say("Response: Error\r\nActionID: astcti-4\r\nMessage: Invalid/unknown command") ==
          Meaning::none);
    CHECK(d.say("Event: CoreShowChannelsComplete\r\nActionID: astcti-5") == Meaning::snapshot_done);
}

TEST_CASE("Asterisk 1.4 is asked for the status of its channels instead", "[ami]") {
    Dialogue d;
    d.log_in();
    d.say("Response: Error\r\nActionID: astcti-3\r\nMessage: Invalid/unknown command");
    d.say("Event: QueueStatusComplete\r\nActionID: astcti-4");
    CHECK(d.say("Response: Error\r\nActionID: astcti-5\r\nMessage: Invalid/unknown command") ==
          Meaning::none);
    CHECK(d.session.take_output() == "Action: Status\r\nActionID: astcti-6\r\n\r\n");
    CHECK(d.say("Event: Status\r\nActionID: astcti-6") == Meaning::snapshot_item);
    CHECK(d.say("Event: StatusComplete\r\nActionID: astcti-6") == Meaning::snapshot_done);
    CHECK_FALSE(d.session.failure());
}

TEST_CASE("what there is is asked again every minute", "[ami]") {
    Dialogue d;
    d.run();
    const auto begun = d.now;
    std::string asked;
    while (d.now < begun + Session::snapshot_interval) {
        d.now = d.session.next_deadline();
        d.session.tick(d.now);
        asked = d.session.take_output();
        const auto id = asked.find("Ping\r\nActionID: ");
        if (id != asked.npos)
            d.say("Response: Success\r\nActionID: " +
                  asked.substr(id + 16, asked.find('\r', id + 6) - id - 16));
        REQUIRE_FALSE(d.session.failure());
    }
    CHECK(d.now == begun + Session::snapshot_interval);
    CHECK(asked.starts_with("Action: BridgeList\r\n"));
    CHECK(d.session.take_snapshot_begun());

    SECTION("an answer without an end is a failure then, too") {
        const auto at = d.now;
        while (!d.session.failure()) {
            d.now = d.session.next_deadline();
            d.session.tick(d.now);
        }
        CHECK(d.now <= at + Session::snapshot_deadline);
    }
}

TEST_CASE("on suspicion it is asked soon, but not again and again", "[ami]") {
    Dialogue d;
    d.run();
    d.session.suspect(d.now);
    CHECK(d.session.next_deadline() == d.now + Session::shortest_snapshot_interval);
    d.now += Session::shortest_snapshot_interval;
    d.session.tick(d.now);
    CHECK(d.session.take_snapshot_begun());
    d.answer("7", "8", "9");
    d.session.suspect(d.now);
    d.session.suspect(d.now);
    d.session.tick(d.now + 1s);
    CHECK_FALSE(d.session.take_snapshot_begun());
}

TEST_CASE("the rest of an event that was cut is suspicious", "[ami]") {
    Dialogue d;
    d.run();
    CHECK(d.say("CallerIDName: x\r\nUniqueid: 1.1") == Meaning::none);
    d.session.tick(d.now + Session::shortest_snapshot_interval);
    CHECK(d.session.take_snapshot_begun());
}

TEST_CASE("events before the login is accepted are not believed", "[ami]") {
    Dialogue d;
    d.session.banner("Asterisk Call Manager/11.0.0", d.now);
    CHECK(d.say("Event: Newchannel\r\nChannel: SIP/2-2") == Meaning::none);
}

TEST_CASE("who is not Asterisk is told so", "[ami]") {
    Dialogue d;
    const auto banner = GENERATE(as<std::string>{}, "SSH-2.0-OpenSSH_9.2",
                                 "HTTP/1.1 400 Bad Request", "", "\xff\x01");
    d.session.banner(banner, d.now);
    REQUIRE(d.session.failure());
    CHECK(d.session.failure()->why.find("not Asterisk's manager interface") != std::string::npos);
    CHECK(d.session.take_output().empty());
}

TEST_CASE("a refused login says what to check", "[ami]") {
    Dialogue d;
    d.session.banner("Asterisk Call Manager/11.0.0", d.now);
    d.say("Response: Success\r\nActionID: astcti-1\r\nChallenge: 1");
    SECTION("a wrong secret") {
        d.say("Response: Error\r\nActionID: astcti-2\r\nMessage: Authentication failed");
        REQUIRE(d.session.failure());
        CHECK(d.session.failure()->refused);
        CHECK(
            d.session.failure()->why ==
            "login refused for user \"ctimanager\" (Authentication failed): check the secret, and "
            "permit= and the section [ctimanager] in Asterisk's manager.conf, then \"manager "
            "reload\"; Asterisk's own log says which of them it is");
    }
    SECTION("only one login is allowed") {
        d.say("Response: Error\r\nActionID: astcti-2\r\nMessage: Login Already In Use");
        CHECK(d.session.failure()->why.find("allowmultiplelogin=no") != std::string::npos);
    }
    SECTION("no right to list channels") {
        d.say("Response: Success\r\nActionID: astcti-2\r\nMessage: Authentication accepted");
        d.say("Response: Error\r\nActionID: astcti-5\r\nMessage: Permission denied");
        CHECK(d.session.failure()->why.find("write=reporting") != std::string::npos);
    }
}

TEST_CASE("no answer is noticed at each step", "[ami]") {
    Dialogue d;
    const auto step = GENERATE(0, 1, 2); // no banner, no challenge, no end of the list
    if (step == 1)
        d.session.banner("Asterisk Call Manager/11.0.0", d.now);
    if (step == 2)
        d.log_in();
    const auto due = d.session.next_deadline();
    CHECK(due <= d.now + 10s);
    d.session.tick(due - 1us);
    CHECK_FALSE(d.session.failure());
    d.session.tick(d.now + 10s);
    CHECK(d.session.failure());
}

TEST_CASE("a peer that does not answer pings is given up within 12 seconds", "[ami]") {
    Dialogue d;
    d.run();
    d.now = d.session.next_deadline();
    d.session.tick(d.now);
    CHECK(d.session.take_output() == "Action: Ping\r\nActionID: astcti-7\r\n\r\n");

    SECTION("it answers") {
        d.now += 1s;
        d.say("Response: Success\r\nActionID: astcti-7\r\nPing: Pong");
        CHECK(d.session.next_deadline() == d.now + Session::ping_interval);
        CHECK_FALSE(d.session.failure());
    }
    SECTION("it does not") {
        CHECK(Session::ping_interval + Session::ping_deadline <= 12s);
        d.session.tick(d.session.next_deadline());
        REQUIRE(d.session.failure());
        CHECK_FALSE(d.session.failure()->refused);
    }
}

TEST_CASE("what answers to nothing changes nothing, and is told aloud once", "[ami]") {
    Dialogue d;
    d.run();
    const auto stray = GENERATE(as<std::string>{}, "Message: Missing action in request",
                                "ActionID: other-1\r\nMessage: x", "ActionID: astcti-3",
                                "ActionID: astcti-2", "ActionID: \r\nMessage: x");
    CHECK(d.say("Response: Error\r\n" + stray) == Meaning::none);
    CHECK_FALSE(d.session.failure());
    auto remarks = d.session.take_remarks();
    REQUIRE(remarks.size() == 1);
    CHECK(remarks[0].level == base::LogLevel::warning);
    CHECK(remarks[0].text.starts_with("Asterisk answered to nothing that was asked: \"Error\""));
    d.say("Response: Error\r\n" + stray);
    remarks = d.session.take_remarks();
    REQUIRE(remarks.size() == 1);
    CHECK(remarks[0].level == base::LogLevel::debug);
}

TEST_CASE("the rights are asked behind the first list, and only then", "[ami]") {
    Dialogue d;
    d.run(); // asks once
    d.session.suspect(d.now);
    d.now += Session::shortest_snapshot_interval;
    d.session.tick(d.now);
    d.answer("7", "8", "9");
    CHECK(d.session.take_output().find("ListCommands") == std::string::npos);
}

TEST_CASE("an Asterisk that does not list the rights is used all the same", "[ami]") {
    Dialogue d;
    d.log_in();
    d.answer("3", "4", "5");
    SECTION("it refuses") {
        d.say("Response: Error\r\nActionID: astcti-6\r\nMessage: Permission denied");
    }
    SECTION("it says nothing") {
        d.now += Session::ping_interval;
        d.session.tick(d.now);
        d.say("Response: Success\r\nActionID: astcti-7\r\nPing: Pong");
        d.now += Session::ping_interval;
        d.session.tick(d.now);
    }
    CHECK_FALSE(d.session.failure());
    const auto remarks = d.session.take_remarks();
    REQUIRE(remarks.size() == 1);
    CHECK(remarks[0].text.find("its write rights are not known") != std::string::npos);
}

TEST_CASE("an event that nobody needs tells of a right", "[ami]") {
    Dialogue d;
    d.run();
    CHECK(d.session.passed_over("Event: VarSet\r\nPrivilege: dialplan,all\r\nValue: 1\r\n\r\n"));
    CHECK(d.session.passed_over("Event: VarSet\r\nPrivilege: dialplan,all\r\nValue: 2\r\n\r\n"));
    const auto remarks = d.session.take_remarks();
    REQUIRE(remarks.size() == 1);
    CHECK(remarks[0].text.find("read=dialplan is not needed") != std::string::npos);
}

TEST_CASE("of several originates each refused one is told, and once", "[ami]") {
    Dialogue d;
    d.run();
    for (const auto* number : {"203", "204", "205"})
        REQUIRE(d.session.originate(d.call_to(number), d.now));
    const auto refusal = [](const std::string& id) {
        return "Response: Error\r\nActionID: astcti-" + id +
               "\r\nMessage: Extension does not exist.";
    };
    d.say(refusal("7"));
    d.say("Response: Success\r\nActionID: astcti-8\r\nMessage: Originate successfully queued");
    d.say(refusal("9"));
    d.say(refusal("9"));
    d.say(refusal("8"));
    const auto failed = d.session.take_failed_originates();
    REQUIRE(failed.size() == 2);
    CHECK(failed[0].originate.number.text() == "203");
    CHECK(failed[0].why == "Extension does not exist.");
    CHECK(failed[1].originate.number.text() == "205");
    CHECK(d.session.take_failed_originates().empty());
}

TEST_CASE("an originate that is not answered has failed after 10 seconds", "[ami]") {
    Dialogue d;
    d.run();
    REQUIRE(d.session.originate(d.call_to("203"), d.now));
    const auto begun = d.now;
    SECTION("the connection stays") {
        while (d.session.next_deadline() <= begun + 10s) {
            CHECK(d.session.take_failed_originates().empty());
            d.now = d.session.next_deadline();
            d.session.tick(d.now);
            if (d.now == begun + Session::ping_interval)
                d.say("Response: Success\r\nActionID: astcti-8\r\nPing: Pong");
        }
        CHECK_FALSE(d.session.failure());
        const auto failed = d.session.take_failed_originates();
        REQUIRE(failed.size() == 1);
        CHECK(failed[0].why == "no answer within 10 s");
        d.say("Response: Error\r\nActionID: astcti-7\r\nMessage: too late");
        CHECK(d.session.take_failed_originates().empty());
    }
    SECTION("the connection is lost") {
        d.session.abandon("gone");
        const auto failed = d.session.take_failed_originates();
        REQUIRE(failed.size() == 1);
        CHECK(failed[0].why == "gone");
    }
}

TEST_CASE("not more originates at once than the limit", "[ami]") {
    Dialogue d;
    d.run();
    for (std::size_t i = 0; i < ami::PendingActions::max_originates; ++i)
        REQUIRE(d.session.originate(d.call_to("203"), d.now));
    d.session.take_output();
    CHECK_FALSE(d.session.originate(d.call_to("203"), d.now));
    CHECK(d.session.take_output().empty());
}

TEST_CASE("who guesses no ActionID answers no action", "[ami]") {
    Dialogue d;
    Session session("cti", "s3cret", d.now, "astcti-1234");
    session.banner("Asterisk Call Manager/11.0.0", d.now);
    CHECK(session.take_output().find("ActionID: astcti-1234-1\r\n") != std::string::npos);
}

TEST_CASE("lists as long as the limit are believed, one item more ends the connection", "[ami]") {
    Dialogue d;
    d.log_in();
    // In one piece: a parser for each packet would take long.
    std::string items;
    for (std::size_t i = 0; i < ami::SnapshotQuery::max_items; ++i)
        items += i % 2 == 0 ? "Event: QueueMember\nActionID: astcti-4\n\n"
                            : "Event: CoreShowChannel\nActionID: astcti-5\n\n";
    ami::PacketParser parser;
    ami::Packet packet;
    parser.feed(items);
    while (parser.next(packet) == ami::PacketParser::Status::packet)
        d.session.received(packet, d.now);
    REQUIRE_FALSE(d.session.failure());
    CHECK(d.say("Event: Newchannel\r\nUniqueid: 1.1") == Meaning::doubtful);
    CHECK(d.say("Event: CoreShowChannel\r\nActionID: astcti-5") == Meaning::none);
    REQUIRE(d.session.failure());
    CHECK(d.session.failure()->why.find("more than 200000 items") != std::string::npos);
    CHECK(d.session.failure()->refused); // not at once again
}
