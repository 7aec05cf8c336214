// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ami/packet_parser.hpp"
#include "daemon/ami/rights.hpp"
#include "tests/support/catch.hpp"

using namespace astcti;
using namespace std::chrono_literals;
using ami::Right;
using base::LogLevel;

namespace {

struct Judge {
    ami::Rights rights{"cti"};

    template <typename Use>
    static void with(const std::string& headers, Use&& use) {
        ami::PacketParser parser;
        ami::Packet packet;
        parser.feed(headers + "\r\n\r\n");
        REQUIRE(parser.next(packet) == ami::PacketParser::Status::packet);
        use(packet);
    }

    // Lines as Asterisk 16 and 22 say them.
    void list(const std::string& actions) {
        with("Response: Success\r\nPing: Keepalive command.  (Priv: <none>)\r\n" + actions,
             [this](const ami::Packet& packet) { rights.listed(packet); });
    }

    void item(const std::string& headers, ami::Time since_login) {
        with(headers, [&](const ami::Packet& packet) { rights.item(packet, since_login); });
    }

    // Each remark, from its first quote on.
    std::vector<std::string> said(LogLevel level = LogLevel::warning) {
        std::vector<std::string> texts;
        for (const auto& remark : rights.take_remarks()) {
            CHECK(remark.level == level);
            REQUIRE(remark.text.starts_with("manager user \"cti\": "));
            texts.push_back(remark.text.substr(20));
        }
        return texts;
    }
};

const std::string originate = "Originate: Originate a call.  (Priv: originate,all)\r\n";
const std::string reporting =
    "CoreShowChannels: List currently active channels.  (Priv: system,reporting,all)\r\n"
    "ExtensionState: Check Extension Status.  (Priv: call,reporting,all)\r\n"
    "Status: List channel status.  (Priv: system,call,reporting,all)";
const std::string good = originate + reporting;

} // namespace

TEST_CASE("the rights that are needed, and no others, are as they should be", "[ami]") {
    Judge judge;
    judge.list(good);
    const auto said = judge.said(LogLevel::notice);
    REQUIRE(said.size() == 1);
    CHECK(said[0].starts_with("its write rights are as they should be (originate,reporting)"));
    judge.list(good);
    CHECK(judge.said().empty());
}

TEST_CASE("what is missing is told with what it costs", "[ami]") {
    Judge judge;
    SECTION("originate") {
        judge.list(reporting);
        const auto said = judge.said();
        REQUIRE(said.size() == 1);
        CHECK(said[0].starts_with("write=originate is missing"));
        CHECK(said[0].ends_with("no calls can be placed from the desktop"));
    }
    SECTION("reporting, which system stands in for") {
        judge.list(originate + "ModuleLoad: Module management.  (Priv: system,all)\r\n"
                               "CoreShowChannels: x.  (Priv: system,reporting,all)");
        const auto said = judge.said();
        REQUIRE(said.size() == 2);
        CHECK(said[0].starts_with("write=reporting is missing"));
        CHECK(said[1].starts_with("write=system is not needed"));
    }
}

TEST_CASE("what is too much is told with what may be done by it", "[ami]") {
    const auto row = GENERATE(table<std::string, std::string>({
        {"ModuleLoad: x.  (Priv: system,all)", "write=system is not needed"},
        {"Redirect: Redirect (transfer) a call.  (Priv: call,all)", "write=call is not needed"},
        {"Command: Execute Asterisk CLI Command.  (Priv: command,all)",
         "write=command is not needed, and whoever has its secret runs any command"},
        {"QueueAdd: x.  (Priv: agent,all)", "write=agent is not needed"},
        {"UserEvent: x.  (Priv: user,all)", "write=user is not needed"},
        {"UpdateConfig: x.  (Priv: config,all)", "write=config is not needed"},
        {"AOCMessage: x.  (Priv: aoc,all)", "write=aoc is not needed"},
        {"MessageSend: x.  (Priv: message,all)", "write=message is not needed"},
    }));
    Judge judge;
    judge.list(good + "\r\n" + std::get<0>(row));
    const auto said = judge.said();
    REQUIRE(said.size() == 1);
    CHECK(said[0].starts_with(std::get<1>(row)));
}

TEST_CASE("all is told in one line", "[ami]") {
    Judge judge;
    judge.list(good + "\r\nA: x.  (Priv: system,all)\r\nB: x.  (Priv: call,all)\r\n"
                      "C: x.  (Priv: command,all)\r\nD: x.  (Priv: agent,all)\r\n"
                      "E: x.  (Priv: user,all)\r\nF: x.  (Priv: config,all)\r\n"
                      "G: x.  (Priv: call,reporting,all)\r\nH: x.  (Priv: config,reporting,all)");
    const auto said = judge.said();
    REQUIRE(said.size() == 1);
    CHECK(said[0].starts_with("write=all is far too much"));
}

TEST_CASE("Asterisk 1.4 wants call for an originate", "[ami]") {
    Judge judge;
    judge.list("Originate: Originate Call (Priv: call,all)\r\n"
               "Status: Lists channel status (Priv: call,all)");
    const auto said = judge.said(LogLevel::notice);
    REQUIRE(said.size() == 1);
    CHECK(said[0].starts_with("its write rights are as they should be (call)"));
}

TEST_CASE("an event proves the right that it needs", "[ami]") {
    Judge judge;
    judge.rights.proved(Right::system);
    judge.rights.proved(Right::call);
    CHECK(judge.said().empty()); // there is no verdict yet
    judge.list(good);
    auto said = judge.said();
    REQUIRE(said.size() == 1);
    CHECK(said[0].starts_with("read=system is not needed: it brings the registrations"));
    judge.rights.proved(Right::dtmf);
    judge.rights.proved(Right::dtmf);
    judge.rights.proved(Right::agent);
    judge.rights.proved(Right::user);
    said = judge.said();
    REQUIRE(said.size() == 1);
    CHECK(said[0].starts_with("read=dtmf is not needed"));
}

TEST_CASE("a channel that no event told of shows that read=call is missing", "[ami]") {
    Judge judge;
    judge.list(good);
    judge.said(LogLevel::notice);
    const std::string channel = "Event: CoreShowChannel\r\nDuration: 00:00:05";
    SECTION("one that began before the login, or just then, does not") {
        judge.item(channel, 3s);
        judge.item(channel, 7s);
        judge.item("Event: CoreShowChannel\r\nDuration: 01:00:05", 60s);
        judge.item("Event: CoreShowChannel", 60s);
        judge.item("Event: CoreShowChannel\r\nDuration: x", 60s);
        judge.item("Event: CoreShowChannel\r\nDuration: ::", 60s);
        CHECK(judge.said().empty());
    }
    SECTION("one of which an event told does not") {
        judge.rights.proved(Right::call);
        judge.item(channel, 60s);
        CHECK(judge.said().empty());
    }
    SECTION("another one does, once") {
        judge.item(channel, 8s);
        judge.item(channel, 60s);
        const auto said = judge.said();
        REQUIRE(said.size() == 1);
        CHECK(said[0].starts_with("read=call is missing: calls are seen only in the list"));
    }
    SECTION("so it does in Asterisk 1.4") {
        judge.item("Event: Status\r\nPrivilege: Call\r\nSeconds: 5", 60s);
        CHECK(judge.said().size() == 1);
    }
    SECTION("a caller in a queue, of which no event told") {
        judge.item("Event: QueueEntry\r\nWait: 61", 60s);
        CHECK(judge.said().empty());
        judge.item("Event: QueueEntry\r\nWait: 7", 60s);
        const auto said = judge.said();
        REQUIRE(said.size() == 1);
        CHECK(said[0].starts_with("read=agent is missing"));
    }
}

TEST_CASE("an Asterisk that does not list the rights is judged by its events", "[ami]") {
    Judge judge;
    judge.rights.proved(Right::system);
    judge.rights.not_listed();
    const auto remarks = judge.rights.take_remarks();
    REQUIRE(remarks.size() == 2);
    CHECK(remarks[0].level == LogLevel::info);
    CHECK(remarks[1].text.find("read=system is not needed") != std::string::npos);
}

TEST_CASE("the right that an event needs is in its second line", "[ami]") {
    const auto right_in = [](std::string_view packet) {
        return ami::right_of_event(ami::privilege_in(packet));
    };
    CHECK(right_in("Event: VarSet\r\nPrivilege: dialplan,all\r\nX: y\r\n\r\n") == Right::dialplan);
    CHECK(right_in("Event: Shutdown\nPrivilege: system,all\n\n") == Right::system);
    const auto none =
        GENERATE(as<std::string>{}, "", "Event: X", "Event: X\r\n\r\n",
                 "Event: Status\r\nPrivilege: Call\r\n\r\n",
                 "Event: X\r\nPrivilege: system,call,all\r\n\r\n",
                 "Event: X\r\nPrivilege: nosuch,all\r\n\r\n", "Event: X\r\nPrivilege: ,all\r\n\r\n",
                 "Event: X\r\nPrivilege: ", "Event: X\r\nValue: \r\nPrivilege: system,all\r\n\r\n");
    CHECK_FALSE(right_in(none));
}

TEST_CASE("every right has its name, and what it brings or allows", "[ami]") {
    for (std::size_t i = 0; i < static_cast<std::size_t>(Right::count); ++i) {
        const auto right = static_cast<Right>(i);
        CHECK(ami::right_of(ami::name_of(right)) == right);
        const bool used = right == Right::call || right == Right::agent || right == Right::user;
        CHECK(ami::cost_of_read(right).empty() == used);
    }
    CHECK_FALSE(ami::right_of("all"));
}
