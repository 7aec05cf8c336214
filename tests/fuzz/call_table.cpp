// SPDX-License-Identifier: GPL-3.0-or-later
// Events in any order about a few channels, or bytes as they come: nobody is told of what is not
// theirs or is over, and when all is over nothing is left.
#include "daemon/calls/call_table.hpp"

#include "daemon/routing/router.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/support/trace.hpp"

#include <array>
#include <fmt/format.h>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

using namespace astcti;
using fuzz::must;

namespace {

constexpr std::array<std::string_view, 36> events{"Newchannel",
                                                  "Newstate",
                                                  "NewCallerid",
                                                  "NewConnectedLine",
                                                  "Newexten",
                                                  "VarSet",
                                                  "UserEvent",
                                                  "Dial",
                                                  "DialBegin",
                                                  "AgentCalled",
                                                  "DialState",
                                                  "DialEnd",
                                                  "AgentConnect",
                                                  "BridgeEnter",
                                                  "BridgeLeave",
                                                  "BridgeMerge",
                                                  "Link",
                                                  "Bridge",
                                                  "Unlink",
                                                  "Hold",
                                                  "Unhold",
                                                  "Join",
                                                  "QueueCallerJoin",
                                                  "Pickup",
                                                  "Transfer",
                                                  "BlindTransfer",
                                                  "AttendedTransfer",
                                                  "ParkedCall",
                                                  "AgentLogin",
                                                  "AgentLogoff",
                                                  "Rename",
                                                  "OriginateResponse",
                                                  "Hangup",
                                                  "CoreShowChannel",
                                                  "BridgeListItem",
                                                  "QueueEntry"};
constexpr std::array<std::string_view, 8> devices{
    "PJSIP/201",   "PJSIP/202", "PJSIP/trunk", "Local/201@q",
    "Local/201@q", "SIP/20",    "PJSIP/211",   ""};
constexpr std::array<std::string_view, 8> states{"Down", "Ring", "Ringing", "Up",
                                                 "Busy", "",     "Rsrvd",   "Up"};
constexpr std::array<std::string_view, 8> words{"201",      "s",      "",          "100",
                                                "NOANSWER", "ANSWER", "<unknown>", "calldata"};

// A channel's name and id, by a number: the same is the same channel.
std::string name_of(unsigned number) {
    const auto device = devices[number % devices.size()];
    std::string suffix = number % 8 == 3 ? ";1" : number % 8 == 4 ? ";2" : "";
    return std::string(device) + "-0000000" + std::to_string(number / 8 % 2) + suffix;
}
std::string id_of(unsigned number) {
    return "17000000" + std::to_string(10 + number % 16) + "." + std::to_string(number % 16);
}

// Eight bytes, one event: what, which channel, which second one, and what is said of them.
std::string event_of(fuzz::Input& input) {
    const auto what = input.byte();
    const auto one = input.byte(), other = input.byte(), said = input.byte(), more = input.byte();
    const auto name = events[what % events.size()];
    std::string out = "Event: " + std::string(name) + "\r\n";
    const auto add = [&out](std::string_view key, std::string_view value) {
        out.append(key).append(": ").append(value).append("\r\n");
    };
    // A high bit tells of a channel by the wrong id, or without one.
    const auto channel = [&](std::string_view prefix, unsigned number) {
        add(std::string(prefix) + "Channel", name_of(number));
        if ((number & 0x40U) == 0)
            add(std::string(prefix) + "Uniqueid", id_of(number + (number >> 7U)));
        if ((said & 0x40U) == 0)
            add(std::string(prefix) + "Linkedid", id_of(more));
        add(std::string(prefix) + "ChannelStateDesc", states[said % states.size()]);
        add(std::string(prefix) + "CallerIDNum", words[more % words.size()]);
        if ((said & 0x80U) == 0)
            add(std::string(prefix) + "ConnectedLineNum", words[said / 8 % words.size()]);
        add(std::string(prefix) + "Exten", words[more / 8 % words.size()]);
    };
    if (name == "BridgeMerge") {
        add("FromBridgeUniqueid", words[one % words.size()]);
        add("ToBridgeUniqueid", words[other % words.size()]);
        return out + "\r\n";
    }
    if (name == "Link" || name == "Unlink" || name == "Bridge") {
        add("Channel1", name_of(one));
        add("Uniqueid1", id_of(one));
        add("Channel2", name_of(other));
        add("Uniqueid2", id_of(other));
        add("Bridgestate", (said & 1U) != 0 ? "Link" : "Unlink");
        return out + "\r\n";
    }
    if (name == "Rename") {
        add("Oldname", name_of(one));
        add("Newname", name_of(other));
        add("Uniqueid", id_of(one));
        return out + "\r\n";
    }
    if (name.ends_with("Transfer") || name == "ParkedCall") {
        add(name == "ParkedCall" ? "ParkeeChannel" : "TransfererChannel", name_of(one));
        add(name == "ParkedCall" ? "ParkeeUniqueid" : "TransfererUniqueid", id_of(one));
        add("SecondTransfererChannel", name_of(other));
        add("SecondTransfererUniqueid", id_of(other));
        add("ParkerDialString", devices[other % devices.size()]);
        add("TargetUniqueid", id_of(more));
        add("TransferType", (said & 1U) != 0 ? "Blind" : "Attended");
        return out + "\r\n";
    }
    if (said != 0xFF)
        channel("", one);
    if (other != 0xFF)
        channel("Dest", other);
    add("BridgeUniqueid", words[more % words.size()]);
    add("BridgeTechnology", (more & 0x80U) != 0 ? "holding_bridge" : "simple_bridge");
    add("Queue", words[other % words.size()]);
    add("DialStatus", words[said % words.size()]);
    add("SubEvent", (said & 2U) != 0 ? "End" : "Begin");
    add("Status", (said & 4U) != 0 ? "Off" : "On");
    add("Application", (more & 0x40U) != 0 ? "AppDial" : "Queue");
    add("Variable", "calldata");
    add("Value", words[more / 32]);
    add("Cause", std::to_string(said));
    return out + "\r\n";
}

ami::PacketParser& parser() {
    static ami::PacketParser one;
    return one;
}

// The table and those who are told, watched.
class World {
public:
    World() : router_(sessions_) {
        std::uint64_t id = 0;
        for (const auto& [user, device] : accounts())
            sessions_.add({++id, user, device, false, {}});
        std::set<std::string> all;
        for (const auto& [user, device] : accounts())
            all.insert(device);
        router_.set_account_devices(all);
    }

    void apply(const ami::Packet& packet, calls::Clock now) {
        // What only the connection asks for; here it begins and ends when the input says so.
        const bool is_doubtful = std::exchange(next_is_doubtful_, packet.event() == "Doubt");
        if (packet.event() == "Snapshot") {
            table_.begin_snapshot();
        } else if (packet.event() == "SnapshotEnd") {
            ++lists_;
            tell(table_.end_snapshot(now));
        } else if (is_doubtful) {
            table_.doubt(packet);
            table_.listed_in_part(packet);
        } else {
            tell(table_.apply(packet, now));
        }
        static_cast<void>(table_.take_suspicion());
    }

    // Each channel hangs up, or the connection stays away.
    void end(bool one_by_one, calls::Clock now) {
        std::string hangups;
        if (one_by_one)
            for (const auto& leg : table_.legs().all())
                hangups += fmt::format("Event: Hangup\r\nChannel: {}\r\nUniqueid: {}\r\n\r\n",
                                       leg.channel.view(), leg.uniqueid.view());
        test::each_packet(parser(), hangups, [this, now](const ami::Packet& packet, calls::Clock) {
            apply(packet, now);
        });
        tell(table_.end_all(now));
        must(table_.legs().size() == 0, "no leg and no bridge is left when all is over");
        must(router_.size() == 0, "no call is left when all is over");
        for (const auto& [call, over_since] : told_)
            must(over_since.has_value(), "a call that was told of was told to be over");
    }

private:
    static const std::map<std::string, std::string>& accounts() {
        static const std::map<std::string, std::string> all{
            {"anna", "PJSIP/201"}, {"bert", "PJSIP/202"}, {"nobody", "SIP/20"}};
        return all;
    }

    void tell(const calls::Changes& changes) {
        for (const auto& delivery : router_.changed(table_, changes)) {
            const auto* body = std::get_if<protocol::EventBody>(&delivery.event);
            const auto* event = body ? std::get_if<protocol::CallEvent>(body) : nullptr;
            if (!event)
                continue;
            const auto& user = sessions_.find(delivery.to)->user;
            must(event->call.id.ends_with(":" + user), "who is told of a call is whose it is");
            auto& over_since = told_[event->call.id];
            must(!over_since || lists_ >= *over_since + 2,
                 "a call that is over is not told of again, unless two lists have it");
            over_since.reset();
            if (event->call.state == protocol::CallState::ended)
                over_since = lists_;
        }
        table_.sweep();
    }

    clients::SessionTable sessions_;
    calls::CallTable table_{"pbx1", {"calldata"}};
    routing::Router router_;
    std::map<std::string, std::optional<unsigned>> told_; // by id: since how many lists it is over
    unsigned lists_ = 0;
    bool next_is_doubtful_ = false;
};

std::string script_of(fuzz::Input& input) {
    std::string out;
    while (!input.is_empty()) {
        if (const auto peek = input.byte(); peek == 0xFE)
            out += "Event: Snapshot\r\n\r\n";
        else if (peek == 0xFD)
            out += "Event: SnapshotEnd\r\n\r\n";
        else if (peek == 0xFC)
            out += "Event: Doubt\r\n\r\n";
        else
            out += event_of(input);
    }
    return out;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Input input(data, size);
    const auto how = input.byte();
    const auto script = (how & 2U) != 0 ? std::string(input.rest()) : script_of(input);
    World world;
    auto last = test::trace_start;
    test::each_packet(parser(), script,
                      [&world, &last](const ami::Packet& packet, calls::Clock now) {
                          world.apply(packet, now);
                          last = now;
                      });
    world.end((how & 1U) != 0, last + 1000);
    return 0;
}
