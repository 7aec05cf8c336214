// SPDX-License-Identifier: GPL-3.0-or-later
// Ends of calls that a caller made up, for he knows how to write events: ARCHITECTURE.md 3.2.
#include "daemon/calls/call_table.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/trace.hpp"

#include <fmt/format.h>
#include <string>

using namespace astcti;

namespace {

std::string channel(const std::string& device, const std::string& id) {
    return "Channel: " + device + "-1\nUniqueid: " + id + "\nLinkedid: 1.1\n";
}
std::string hangup(const std::string& device, const std::string& id) {
    return "Event: Hangup\n" + channel(device, id) + "Cause: 17\n\n";
}
std::string item(const std::string& device, const std::string& id) {
    return "Event: CoreShowChannel\n" + channel(device, id) + "ChannelStateDesc: Up\n\n";
}

struct Calls {
    calls::CallTable table{"pbx1", {}};
    calls::Clock now = test::trace_start;

    Calls() {
        apply("Event: Newchannel\n" + channel("PJSIP/1", "1.1") + "ChannelStateDesc: Up\n\n");
        apply("Event: Newchannel\n" + channel("PJSIP/2", "1.2") + "ChannelStateDesc: Up\n\n");
    }
    void apply(const std::string& events) {
        test::each_packet(events, [this](const ami::Packet& packet, calls::Clock) {
            table.apply(packet, ++now);
            table.sweep();
        });
    }
    void doubt(const std::string& events) {
        test::each_packet(events,
                          [this](const ami::Packet& packet, calls::Clock) { table.doubt(packet); });
    }
    // What the list that was asked for has; `meanwhile` is doubtful.
    void list(const std::string& items, const std::string& meanwhile = "") {
        table.begin_snapshot();
        apply(items);
        doubt(meanwhile);
        end_list();
    }
    void end_list() {
        causes.clear();
        for (const auto& change : table.end_snapshot(++now))
            if (change.what == calls::Change::What::ended)
                causes += fmt::format("{} {}, ", change.leg->channel.view(), change.leg->cause);
        table.sweep();
    }
    bool is_there(const std::string& id) const { return table.find(id) != nullptr; }

    std::string causes; // of what the last list ended
};

const std::string both = item("PJSIP/1", "1.1") + item("PJSIP/2", "1.2");

} // namespace

TEST_CASE("a doubtful end waits for the next list", "[calls]") {
    Calls calls;
    calls.doubt(hangup("PJSIP/1", "1.1"));
    CHECK(calls.is_there("1.1"));
    SECTION("it was true, and is told with its cause") {
        calls.list(item("PJSIP/2", "1.2"));
        CHECK(calls.causes == "PJSIP/1-1 17, ");
        CHECK(calls.table.take_forgeries() == 0);
        CHECK_FALSE(calls.table.take_suspicion());
    }
    SECTION("it was not") {
        calls.list(both);
        CHECK(calls.causes.empty());
        CHECK(calls.table.take_forgeries() == 1);
        CHECK(calls.table.take_forgeries() == 0);
        CHECK(calls.table.take_suspicion()); // once more, as the list may have been a moment old
        calls.list(item("PJSIP/2", "1.2"));
        CHECK(calls.causes == "PJSIP/1-1 0, ");
    }
    SECTION("a list that was asked for before does not tell") {
        calls.list(both, hangup("PJSIP/2", "1.2"));
        CHECK(calls.table.take_forgeries() == 1); // the first one
        calls.list(item("PJSIP/1", "1.1"));
        CHECK(calls.causes == "PJSIP/2-1 17, ");
    }
    SECTION("a true end behind it counts at once") {
        calls.apply(hangup("PJSIP/1", "1.1"));
        CHECK_FALSE(calls.is_there("1.1"));
        calls.list(item("PJSIP/2", "1.2"));
        CHECK(calls.causes.empty());
        CHECK(calls.table.take_forgeries() == 0);
    }
}

TEST_CASE("nothing but an end of a known channel can be in doubt", "[calls]") {
    Calls calls;
    calls.doubt("Event: Newchannel\n" + channel("PJSIP/3", "1.3") + "\n" +
                hangup("PJSIP/2", "1.1") + hangup("PJSIP/3", "1.3") +
                "Event: Rename\nChannel: PJSIP/1-1\nNewname: PJSIP/9-1\nUniqueid: 1.1\n\n");
    CHECK_FALSE(calls.is_there("1.3"));
    CHECK(calls.table.find("1.1")->channel == "PJSIP/1-1");
    calls.list(both);
    CHECK(calls.table.take_forgeries() == 0);
}

TEST_CASE("only so many ends are in doubt, and the list ends the others as well", "[calls]") {
    constexpr auto most = calls::UntrueEnds::max_doubted;
    calls::UntrueEnds ends;
    for (std::size_t i = 0; i <= most; ++i)
        ends.doubt(std::to_string(i), 16);
    CHECK(ends.cause_of(std::to_string(most - 1)) == 16U);
    CHECK_FALSE(ends.cause_of(std::to_string(most)));
}

TEST_CASE("a channel that two lists in a row have is not over, whatever was said", "[calls]") {
    Calls calls;
    calls.apply(hangup("PJSIP/1", "1.1"));
    CHECK_FALSE(calls.is_there("1.1"));
    calls.list(both);
    CHECK_FALSE(calls.is_there("1.1")); // the list may have been written just before
    CHECK(calls.table.take_suspicion());
    SECTION("it comes back") {
        calls.list(both);
        REQUIRE(calls.is_there("1.1"));
        CHECK(calls.table.find("1.1")->is_up());
        CHECK(calls.table.take_forgeries() == 1);
        // And its true end counts again.
        calls.apply(hangup("PJSIP/1", "1.1"));
        CHECK_FALSE(calls.is_there("1.1"));
        CHECK_FALSE(calls.table.take_suspicion());
    }
    SECTION("not if a list between them has not got it") {
        calls.list(item("PJSIP/2", "1.2"));
        calls.list(both);
        CHECK_FALSE(calls.is_there("1.1"));
    }
    SECTION("a list without an end does not count") {
        calls.table.begin_snapshot();
        calls.apply(both);
        calls.list(item("PJSIP/2", "1.2"));
        calls.list(both);
        CHECK_FALSE(calls.is_there("1.1"));
    }
}

TEST_CASE("a channel that was said to be over, and is told of, makes suspicious", "[calls]") {
    Calls calls;
    calls.apply(hangup("PJSIP/1", "1.1"));
    CHECK_FALSE(calls.table.take_suspicion());
    calls.apply("Event: Newstate\n" + channel("PJSIP/1", "1.1") + "ChannelStateDesc: Up\n\n");
    CHECK(calls.table.take_suspicion());
}

TEST_CASE("an item that was cut off behind its channel's name shows that it is there", "[calls]") {
    Calls calls;
    calls.table.begin_snapshot();
    test::each_packet(
        "Event: CoreShowChannel\nChannel: PJSIP/1-1\nCallerIDNum: 1\n\n"
        "Event: CoreShowChannel\nChannel: PJSIP/7-1\nCallerIDNum: 1\n\n",
        [&calls](const ami::Packet& packet, calls::Clock) { calls.table.listed_in_part(packet); });
    calls.end_list();
    CHECK(calls.causes == "PJSIP/2-1 0, ");
    CHECK(calls.is_there("1.1"));
}

TEST_CASE("before Asterisk 13 an event that comes late is nothing special", "[calls]") {
    calls::CallTable table{"pbx1", {}};
    const std::string leg = "Channel: SIP/1-1\nUniqueid: 1.1\n";
    test::each_packet("Event: Newchannel\n" + leg + "\nEvent: Hangup\n" + leg +
                          "\nEvent: Newstate\n" + leg + "\n",
                      [&table](const ami::Packet& packet, calls::Clock now) {
                          table.apply(packet, now);
                          table.sweep();
                      });
    CHECK_FALSE(table.take_suspicion());
}
