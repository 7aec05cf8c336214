// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/calls/call_table.hpp"
#include "daemon/calls/parties.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/trace.hpp"

#include <fmt/format.h>

using namespace astcti;
using calls::CallTable;
using calls::Change;
using What = Change::What;

namespace {

constexpr calls::Clock now = test::trace_start;

std::vector<Change> feed(CallTable& table, const std::string& headers) {
    std::vector<Change> changes;
    test::each_packet(headers + "\n\n", [&](const ami::Packet& packet, calls::Clock) {
        changes = table.apply(packet, now);
    });
    return changes;
}

std::string channel(const std::string& name, const std::string& uniqueid) {
    return "Channel: " + name + "\nUniqueid: " + uniqueid + "\nLinkedid: " + uniqueid + "\n";
}

void begin(CallTable& table, const std::string& name, const std::string& uniqueid) {
    REQUIRE_FALSE(feed(table, "Event: Newchannel\n" + channel(name, uniqueid) +
                                  "ChannelStateDesc: Down\nExten: 100")
                      .empty());
}

} // namespace

TEST_CASE("the device is what is before the last dash group", "[calls]") {
    struct Row {
        std::string channel;
        std::string device;
    };
    const auto row =
        GENERATE(values<Row>({{"SIP/201-0821bb20", "SIP/201"},
                              {"PJSIP/front-desk-0000001f", "PJSIP/front-desk"},
                              {"Local/201@from-queue-00000001;1", "Local/201@from-queue"},
                              {"PJSIP/201", "PJSIP/201"},
                              {"PJSIP/front-desk", "PJSIP/front-desk"},
                              {"PJSIP/201-", "PJSIP/201-"},
                              {"", ""}}));
    CAPTURE(row.channel);
    CHECK(calls::device_of(row.channel) == row.device);
}

TEST_CASE("an event about a channel that was never seen changes nothing", "[calls]") {
    CallTable table("pbx1", {});
    const auto name = GENERATE(as<std::string>{}, "Newstate", "Hangup", "BridgeEnter", "VarSet",
                               "DialBegin", "DialEnd", "QueueCallerJoin", "Rubbish", "");
    CHECK(feed(table, "Event: " + name + "\n" + channel("SIP/1-1", "1.1") + "Variable: x").empty());
    CHECK(table.legs().all().empty());
}

TEST_CASE("a forged event that does not know both names changes nothing", "[calls]") {
    CallTable table("pbx1", {});
    begin(table, "SIP/1-1", "1.1");
    CHECK(feed(table, "Event: Hangup\n" + channel("SIP/1-2", "1.1")).empty());
    CHECK(feed(table, "Event: Hangup\n" + channel("SIP/1-1", "1.2")).empty());
    CHECK(feed(table, "Event: Hangup\nUniqueid: 1.1").empty());
    CHECK(table.find("1.1")->end == 0);
    CHECK(feed(table, "Event: Hangup\n" + channel("SIP/1-1", "1.1") + "Cause: 16").size() == 1);
    CHECK(table.find("1.1")->end == now);
    CHECK(table.find("1.1")->cause == 16);
}

TEST_CASE("after its end a leg changes no more, and goes with the sweep", "[calls]") {
    CallTable table("pbx1", {});
    begin(table, "SIP/1-1", "1.1");
    feed(table, "Event: Hangup\n" + channel("SIP/1-1", "1.1"));
    CHECK(feed(table, "Event: Hangup\n" + channel("SIP/1-1", "1.1")).empty());
    CHECK(feed(table, "Event: Newstate\n" + channel("SIP/1-1", "1.1") + "ChannelStateDesc: Up")
              .empty());
    table.sweep();
    CHECK(table.legs().all().empty());
}

TEST_CASE("a channel that begins twice begins once", "[calls]") {
    CallTable table("pbx1", {});
    begin(table, "SIP/1-1", "1.1");
    CHECK(feed(table, "Event: Newchannel\n" + channel("SIP/2-2", "1.1")).empty());
    CHECK(table.find("1.1")->channel == "SIP/1-1");
}

TEST_CASE("only configured variables are kept, un-escaped once", "[calls]") {
    CallTable table("pbx1", {"calldata", "order"});
    begin(table, "SIP/1-1", "1.1");
    CHECK(feed(table, "Event: Newstate\n" + channel("SIP/1-1", "1.1") +
                          "ChanVariable: calldata=O\\'Brien=1\nChanVariable: secret=x\n"
                          "ChanVariable: order=\nChanVariable: rubbish")
              .size() == 1);
    const auto* leg = table.find("1.1");
    REQUIRE(leg->variables.size() == 1);
    CHECK(calls::value_of(leg->variables, "calldata") == "O'Brien=1");
    CHECK(
        feed(table, "Event: VarSet\n" + channel("SIP/1-1", "1.1") + "Variable: order\nValue: a\\nb")
            .size() == 1);
    CHECK(calls::value_of(leg->variables, "order") == "a b");
    CHECK(leg->variables.size() == 2);
    CHECK(calls::value_of(leg->variables, "calldata") == "O'Brien=1");
    CHECK(leg->variables.begin()->first == "calldata"); // in the order in which they came
    CHECK(feed(table, "Event: VarSet\n" + channel("SIP/1-1", "1.1") +
                          "Variable: calldata\nValue: a longer text than has room in place")
              .size() == 1);
    CHECK(calls::value_of(leg->variables, "calldata") == "a longer text than has room in place");
    CHECK(calls::value_of(leg->variables, "order") == "a b");
    CHECK(feed(table, "Event: VarSet\n" + channel("SIP/1-1", "1.1") + "Variable: secret\nValue: x")
              .empty());
}

TEST_CASE("names of strangers are clean text", "[calls]") {
    CallTable table("pbx1", {});
    begin(table, "SIP/1-1", "1.1");
    feed(table, "Event: NewCallerid\n" + channel("SIP/1-1", "1.1") +
                    "CallerIDNum: \x1b[31m7\nCallerIDName: M\xFCller\\r\\n\\\"x\\\"");
    CHECK(table.find("1.1")->number == "[31m7");
    CHECK(table.find("1.1")->name == "M\u00fcller \"x\"");
}

TEST_CASE("who dialled is found through Local channels", "[calls]") {
    CallTable table("pbx1", {});
    begin(table, "SIP/1-1", "1.1");
    begin(table, "Local/2@q-1;1", "1.2");
    begin(table, "Local/2@q-1;2", "1.3");
    begin(table, "SIP/2-1", "1.4");
    const auto dial = [&](const std::string& from, const std::string& from_id,
                          const std::string& to, const std::string& to_id) {
        feed(table, "Event: DialBegin\n" + channel(from, from_id) + "DestChannel: " + to +
                        "\nDestUniqueid: " + to_id + "\nDestChannelStateDesc: Down");
    };
    dial("SIP/1-1", "1.1", "Local/2@q-1;1", "1.2");
    dial("Local/2@q-1;2", "1.3", "SIP/2-1", "1.4");
    CHECK(calls::dialler_of(*table.find("1.4")) == table.find("1.1"));
    CHECK(calls::parties_of(*table.find("1.4")).only() == table.find("1.1"));
    CHECK(calls::parties_of(*table.find("1.1")).only() == table.find("1.4"));
    CHECK(calls::dialler_of(*table.find("1.1")) == nullptr);

    SECTION("a circle, which only a forger makes, has an end") {
        dial("SIP/2-1", "1.4", "Local/2@q-1;2", "1.3");
        dial("SIP/2-1", "1.4", "SIP/1-1", "1.1");
        CHECK(calls::parties_of(*table.find("1.4")).legs.size() == 1);
        CHECK(calls::around(*table.find("1.2")).size() == 3);
    }
}

TEST_CASE("a channel that hangs up while the list is on its way stays gone", "[calls]") {
    CallTable table("pbx1", {});
    table.begin_snapshot();
    begin(table, "SIP/1-1", "1.1");
    feed(table, "Event: Hangup\n" + channel("SIP/1-1", "1.1"));
    table.sweep();
    CHECK(feed(table, "Event: CoreShowChannel\n" + channel("SIP/1-1", "1.1")).empty());
    CHECK(table.end_snapshot(now).empty());
    CHECK(table.legs().all().empty());
}

TEST_CASE("a channel that begins while the list is on its way stays", "[calls]") {
    CallTable table("pbx1", {});
    table.begin_snapshot();
    begin(table, "SIP/1-1", "1.1");
    CHECK(table.end_snapshot(now).empty());
    CHECK(table.find("1.1"));
}

TEST_CASE("the list of a waiting caller's queue is taken over", "[calls]") {
    CallTable table("pbx1", {});
    const auto entry = "Event: QueueEntry\nQueue: support\n" + channel("SIP/1-1", "1.1");
    const bool before = GENERATE(true, false);
    table.begin_snapshot();
    if (before)
        feed(table, entry);
    feed(table, "Event: CoreShowChannel\n" + channel("SIP/1-1", "1.1") + "ChannelStateDesc: Up");
    if (!before)
        feed(table, entry);
    CHECK(table.end_snapshot(now).size() == 1);
    CHECK(table.find("1.1")->queue == "support");
}

TEST_CASE("more channels than the limit are not kept", "[calls]") {
    CallTable table("pbx1", {});
    for (std::size_t i = 0; i <= calls::LegTable::max_legs; ++i)
        feed(table, "Event: Newchannel\n" + channel("SIP/1-1", fmt::format("1.{}", i)));
    CHECK(table.legs().all().size() == calls::LegTable::max_legs);
}

TEST_CASE("the beginning is Asterisk's where that can be believed", "[calls]") {
    struct Row {
        std::string uniqueid;
        calls::Clock start;
    };
    const auto row = GENERATE(values<Row>({{"1795406990.5", 1795406990000000},
                                           {"pbx-a-1795406990.5", 1795406990000000},
                                           {"17954069990.5", now}, // far in the future
                                           {"1.5", now},
                                           {"rubbish", now},
                                           {"1795406990", now}}));
    CallTable table("pbx1", {});
    begin(table, "SIP/1-1", row.uniqueid);
    CHECK(table.find(row.uniqueid)->start == row.start);
}
