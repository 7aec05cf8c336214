// SPDX-License-Identifier: GPL-3.0-or-later
// A list of all channels, while live events go on: ARCHITECTURE.md section 3.2.
#include "daemon/calls/call_table.hpp"
#include "daemon/calls/parties.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/pbx.hpp"
#include "tests/support/trace.hpp"

using namespace astcti;
using calls::CallTable;
using calls::Change;
using test::Channel;
using test::Pbx;

namespace {

// Details may be told of though they are the same: who compares is the router.
enum class Of { all, all_but_details };

std::string words_of(const calls::Changes& changes, Of of) {
    constexpr const char* words[] = {"began", "state", "renamed", "linked", "details", "ended"};
    std::string out;
    for (const auto& change : changes)
        if (of == Of::all || change.what != Change::What::details)
            out += std::string(out.empty() ? "" : ", ") +
                   words[static_cast<std::size_t>(change.what)] + " " +
                   std::string(change.leg->channel);
    return out;
}

class Connection {
public:
    // What the table said to all that was written meanwhile.
    std::string fed(Of of = Of::all) {
        std::string out;
        test::each_packet(pbx.take(), [&](const ami::Packet& packet, calls::Clock now) {
            if (packet.event().empty()) {
                table.begin_snapshot();
                return;
            }
            const bool ends = packet.event() == "CoreShowChannelsComplete";
            const auto& changes = ends ? table.end_snapshot(now) : table.apply(packet, now);
            const auto words = words_of(changes, of);
            out += (out.empty() || words.empty() ? "" : ", ") + words;
            table.sweep();
        });
        return out;
    }

    Pbx pbx;
    CallTable table{"pbx1", {"calldata"}};
};

struct Call {
    Channel caller;
    Channel called;
};

// 0612 talks to 201, and so says the PBX from now on.
Call talking(Pbx& pbx) {
    Call call{pbx.channel("PJSIP/1", "0612", "ACME", "201"),
              pbx.channel("PJSIP/201", "201", "Anna")};
    pbx.calls(call.caller);
    pbx.answered_call(call.caller, call.called);
    call.caller.application = "Dial";
    call.called.application = "AppDial";
    return call;
}

} // namespace

TEST_CASE("what only the list knows is told of when it is complete", "[calls]") {
    Connection to;
    auto call = talking(to.pbx);
    to.pbx.take();
    to.pbx.list_begins();
    to.pbx.list_item(call.called);
    to.pbx.list_item(call.caller);
    CHECK(to.fed().empty());
    REQUIRE(to.table.find(call.called.uniqueid));
    CHECK(to.table.find(call.called.uniqueid)->listed_only);
    // Nor by what happens to it meanwhile.
    to.pbx.hold(call.called, true);
    CHECK(to.fed().empty());
    to.pbx.list_ends();
    CHECK_FALSE(to.fed().empty());
    const auto* leg = to.table.find(call.called.uniqueid);
    CHECK_FALSE(leg->listed_only);
    CHECK(leg->dialed);
    CHECK(leg->holds);
    CHECK(calls::parties_of(*leg).only() == to.table.find(call.caller.uniqueid));
}

TEST_CASE("of each channel of a list is told once, whoever it talks to", "[calls]") {
    Connection to;
    auto call = talking(to.pbx);
    auto third = to.pbx.channel("PJSIP/202", "202", "Bert");
    auto alone = to.pbx.channel("PJSIP/203", "203", "Carl");
    to.pbx.calls(third);
    to.pbx.calls(alone);
    const bool are_three = GENERATE(false, true);
    if (are_three)
        to.pbx.enter(third, call.caller.bridge);
    to.pbx.take();
    to.pbx.list({&call.called, &third, &call.caller, &alone});
    const auto told = to.fed();
    for (const auto& channel : {call.caller, call.called, third, alone}) {
        const auto word = "details " + channel.name;
        CAPTURE(told, word, are_three);
        CHECK(told.find(word) != std::string::npos);
        CHECK(told.find(word) == told.rfind(word));
    }
}

TEST_CASE("a list of what is known already tells nothing", "[calls]") {
    Connection to;
    auto call = talking(to.pbx);
    CHECK_FALSE(to.fed().empty());
    to.pbx.list({&call.caller, &call.called});
    CHECK(to.fed(Of::all_but_details).empty());
    CHECK_FALSE(to.table.take_suspicion());
}

TEST_CASE("a list corrects what was missed", "[calls]") {
    Connection to;
    auto call = talking(to.pbx);
    to.fed();
    call.called.connected_number = "0699";
    call.called.bridge = "other";
    to.pbx.list({&call.caller, &call.called});
    CHECK_FALSE(to.fed().empty());
    const auto* leg = to.table.find(call.called.uniqueid);
    CHECK(leg->connected_number == "0699");
    CHECK(leg->bridge->id == "other");
    CHECK(calls::parties_of(*leg).legs.empty());
    call.called.bridge.clear();
    to.pbx.list({&call.caller, &call.called});
    to.fed();
    CHECK(leg->bridge == nullptr);
}

TEST_CASE("what a live event touched meanwhile the list does not change", "[calls]") {
    Connection to;
    auto call = talking(to.pbx);
    to.fed();
    auto old = call.called;
    old.connected_number = "old";
    old.bridge = "old";
    to.pbx.list_begins();
    call.called.connected_number = "new";
    to.pbx.state(call.called, "Up");
    to.pbx.list_item(old);
    to.pbx.list_item(call.caller);
    to.pbx.list_ends();
    to.fed();
    const auto* leg = to.table.find(call.called.uniqueid);
    CHECK(leg->connected_number == "new");
    CHECK(leg->bridge->id == call.called.bridge);
    // The next one is believed again.
    to.pbx.list({&call.caller, &old});
    to.fed();
    CHECK(leg->connected_number == "old");
}

TEST_CASE("what ended meanwhile does not begin again by the list, nor by the next one", "[calls]") {
    Connection to;
    auto call = talking(to.pbx);
    to.fed();
    to.pbx.list_begins();
    to.pbx.hang_up(call.called);
    to.pbx.list_item(call.called);
    to.pbx.list_item(call.caller);
    to.pbx.list_ends();
    CHECK_FALSE(to.fed().empty());
    CHECK(to.table.legs().all().size() == 1);
    to.pbx.list({&call.caller, &call.called}); // late
    CHECK(to.fed(Of::all_but_details).empty());
    CHECK(to.table.legs().all().size() == 1);
}

TEST_CASE("what began meanwhile stays, without the list", "[calls]") {
    Connection to;
    auto call = talking(to.pbx);
    to.pbx.list_begins(); // in the middle of it: the beginning was before
    to.fed();
    auto other = talking(to.pbx);
    to.pbx.list_ends();
    const auto told = to.fed();
    CHECK(told.find("ended " + call.caller.name) != told.npos);
    CHECK(told.find("ended " + call.called.name) != told.npos);
    CHECK(told.find("ended " + other.caller.name) == told.npos);
    CHECK(to.table.legs().all().size() == 2);
}

TEST_CASE("what the list does not have has ended, with no cause", "[calls]") {
    Connection to;
    auto call = talking(to.pbx);
    to.fed();
    to.pbx.list({&call.caller});
    CHECK(to.fed(Of::all_but_details) == "ended " + call.called.name);
    CHECK(to.table.find(call.called.uniqueid) == nullptr);
    to.pbx.list({});
    to.fed();
    CHECK(to.table.legs().size() == 0);
}

TEST_CASE("who rings for whom is guessed by the Linkedid of a list", "[calls]") {
    struct Row {
        std::string what;
        bool tied;
    };
    const auto row = GENERATE(values<Row>({{"rings", true},
                                           {"is not dialed", false},
                                           {"is up", false},
                                           {"is in a bridge", false},
                                           {"has no caller", false},
                                           {"is its own", false}}));
    CAPTURE(row.what);
    Connection to;
    auto caller = to.pbx.channel("PJSIP/1", "0612", "ACME", "201");
    auto called = to.pbx.channel("PJSIP/201", "201", "Anna");
    caller.state = "Ring";
    called.state = row.what == "is up" ? "Up" : "Ringing";
    called.application = row.what == "is not dialed" ? "" : "AppDial";
    if (row.what == "is not dialed")
        called.state = "Down";
    if (row.what == "is in a bridge")
        called.bridge = "b";
    if (row.what != "is its own")
        called.linkedid = row.what == "has no caller" ? "1.1" : caller.uniqueid;
    to.pbx.list({&called, &caller});
    to.fed();
    const auto* leg = to.table.find(called.uniqueid);
    CHECK((leg->parent == to.table.find(caller.uniqueid)) == row.tied);
    CHECK((leg->parent == nullptr) != row.tied);
    CHECK(to.table.find(caller.uniqueid)->child_rings == row.tied);
}

TEST_CASE("that a telephone was called is known from the list on, if its dial was missed",
          "[calls]") {
    Connection to;
    auto caller = to.pbx.channel("PJSIP/1", "0612", "ACME", "201");
    auto called = to.pbx.channel("PJSIP/201", "201", "Anna");
    to.pbx.calls(caller);
    to.pbx.begin(called);
    called.linkedid = caller.uniqueid;
    to.pbx.state(called, "Ringing");
    to.fed();
    REQUIRE_FALSE(to.table.find(called.uniqueid)->dial_told);
    called.application = GENERATE(as<std::string>{}, "AppDial", "");
    const bool is_called = !called.application.empty();
    to.pbx.list_begins();
    to.pbx.list_item(caller);
    to.pbx.list_item(called);
    to.fed();
    CHECK_FALSE(to.table.find(called.uniqueid)->dial_told);
    SECTION("at the end of the list") {
        to.pbx.list_ends();
        to.fed();
        CHECK(to.table.find(called.uniqueid)->dial_told == is_called);
        CHECK((to.table.find(called.uniqueid)->parent != nullptr) == is_called);
    }
    SECTION("but not from a list that has no end, and is followed by one that does not say so") {
        to.pbx.list_begins();
        to.pbx.list_item(caller);
        called.application.clear();
        to.pbx.list_item(called);
        to.pbx.list_ends();
        to.fed();
        CHECK_FALSE(to.table.find(called.uniqueid)->dial_told);
    }
}

TEST_CASE("an item of a list that nobody asked for is nothing", "[calls]") {
    Connection to;
    auto call = talking(to.pbx);
    to.pbx.take();
    to.pbx.list_item(call.called);
    CHECK(to.fed().empty());
    CHECK(to.table.legs().size() == 0);
    to.pbx.list({&call.called});
    to.fed();
    call.called.connected_number = "forged";
    to.pbx.list_item(call.called);
    to.pbx.list_item(call.caller);
    CHECK(to.fed().empty());
    CHECK(to.table.find(call.called.uniqueid)->connected_number == "0612");
    CHECK(to.table.legs().all().size() == 1);
}

TEST_CASE("an item needs both names of a channel", "[calls]") {
    Connection to;
    auto call = talking(to.pbx);
    to.fed();
    auto forged = call.called;
    const auto how = GENERATE(as<std::string>{}, "another channel", "no channel",
                              "no uniqueid: it is about nobody, and so the leg is not there");
    CAPTURE(how);
    if (how == "another channel") {
        forged.name = "PJSIP/9-9";
        forged.connected_number = "forged";
    }
    if (how == "no channel") {
        forged.name.clear();
        forged.connected_number = "forged";
    }
    if (how == "no uniqueid: it is about nobody, and so the leg is not there") {
        forged.uniqueid.clear();
    }
    to.pbx.list({&call.caller, &forged});
    to.fed();
    const auto* leg = to.table.find(call.called.uniqueid);
    CHECK((leg == nullptr) == forged.uniqueid.empty());
    if (leg)
        CHECK(leg->connected_number == "0612");
    CHECK(to.table.legs().all().size() == (leg ? 2 : 1));
}

TEST_CASE("an unfinished list is void", "[calls]") {
    Connection to;
    auto call = talking(to.pbx);
    to.fed();
    to.pbx.list_begins();
    to.pbx.list_item(call.caller);
    CHECK(to.fed(Of::all_but_details).empty());
    // The connection is lost; with the next one comes a new list, in which that one counts no more.
    to.pbx.list({&call.called});
    to.fed();
    CHECK(to.table.find(call.called.uniqueid));
    CHECK(to.table.find(call.caller.uniqueid) == nullptr);
}

TEST_CASE("what an unfinished list began is told of, or ends, with the next one", "[calls]") {
    Connection to;
    auto call = talking(to.pbx);
    to.pbx.take();
    to.pbx.list_begins();
    to.pbx.list_item(call.caller);
    to.pbx.list_item(call.called);
    CHECK(to.fed().empty());
    SECTION("it is there") {
        to.pbx.list({&call.called, &call.caller});
        CHECK(to.fed().find("details " + call.called.name) != std::string::npos);
        CHECK_FALSE(to.table.find(call.called.uniqueid)->listed_only);
    }
    SECTION("it is not") {
        to.pbx.list({});
        CHECK(to.fed().empty()); // nobody knew of it
        CHECK(to.table.legs().size() == 0);
    }
}

TEST_CASE("bridges of a list hold, or are a conference", "[calls]") {
    Connection to;
    auto call = talking(to.pbx);
    to.pbx.take();
    const bool holds = GENERATE(true, false);
    to.pbx.list_begins();
    to.pbx.event("BridgeListItem", {{"BridgeUniqueid", call.called.bridge},
                                    {"BridgeTechnology", holds ? "holding_bridge" : "softmix"},
                                    {"BridgeCreator", holds ? "Parking" : "ConfBridge"}});
    to.pbx.list_item(call.caller);
    to.pbx.list_item(call.called);
    to.pbx.list_ends();
    to.fed();
    const auto* leg = to.table.find(call.called.uniqueid);
    CHECK(leg->bridge->holding == holds);
    CHECK(leg->bridge->conference == !holds);
    CHECK(calls::parties_of(*leg).legs.empty());
}

TEST_CASE("an event about an unknown channel is suspicious, once", "[calls]") {
    Connection to;
    auto call = talking(to.pbx);
    to.fed();
    CHECK_FALSE(to.table.take_suspicion());
    auto stranger = to.pbx.channel("PJSIP/9");
    SECTION("one that was never seen") {
        to.pbx.state(stranger, "Up");
        to.fed();
        CHECK(to.table.take_suspicion());
        CHECK_FALSE(to.table.take_suspicion());
    }
    SECTION("not one without a uniqueid, or with another's") {
        stranger.uniqueid.clear();
        to.pbx.state(stranger, "Up");
        stranger.uniqueid = call.called.uniqueid;
        to.pbx.state(stranger, "Up");
        to.fed();
        CHECK_FALSE(to.table.take_suspicion());
    }
}
