// SPDX-License-Identifier: GPL-3.0-or-later
// What a call costs: measured in pairs of a reference and a subject, which tests/bench/run judges.
//   call_bench cpu FILE PAIRS      prints "pair REFERENCE SUBJECT" in nanoseconds
//   call_bench memory LEGS         prints "leg BYTES": what a live leg takes beyond its strings
#include "daemon/ami/packet_parser.hpp"
#include "daemon/ami/snapshot_query.hpp"
#include "daemon/calls/call_table.hpp"
#include "daemon/routing/router.hpp"
#include "tests/bench/measure.hpp"

#include <cstdio>
#include <cstdlib>
#include <fmt/format.h>
#include <malloc.h>
#include <span>
#include <string>
#include <string_view>

using namespace astcti;

namespace {

constexpr calls::Clock now = 1795407000000000;
constexpr int rounds = 200; // of each side in a pair: some milliseconds

// From bytes to the events of the person whose telephone rings.
struct Subject {
    clients::SessionTable sessions;
    routing::Router router{sessions};
    calls::CallTable table{"pbx1", {"calldata"}};
    ami::PacketParser parser; // one connection, as it is
    ami::Packet packet;

    Subject() {
        sessions.add({1, "anna", "PJSIP/201", false});
        router.set_account_devices({"PJSIP/200", "PJSIP/201", "PJSIP/202"});
        parser.set_interest([this](std::string_view event, std::string_view text) {
            return ami::SnapshotQuery::needs(event) || table.wants(event, text);
        });
    }

    std::size_t run(std::string_view bytes) {
        std::size_t told = 0;
        parser.feed(bytes);
        while (parser.next(packet) != ami::PacketParser::Status::need_more) {
            told += router.changed(table, table.apply(packet, now)).size();
            table.sweep();
        }
        return told;
    }
};

int cpu(const std::string& file, int pairs) {
    const auto bytes = bench::read_file(file);
    std::vector<std::string> calls;
    for (int round = 0; round < rounds; ++round)
        calls.push_back(bench::with_ids(bytes, round));
    volatile std::size_t sink = 0;
    for (int pair = 0; pair < pairs; ++pair) {
        const auto reference = [&] {
            for (const auto& call : calls)
                sink = sink + bench::split(call);
        };
        Subject subject;
        std::size_t told = 0;
        const auto run = [&] {
            for (const auto& call : calls)
                told += subject.run(call);
        };
        bench::measure_pair(pair, reference, run);
        if (told != 3 * rounds) {
            fmt::print(stderr, "call_bench: {} events were told, not {}\n", told, 3 * rounds);
            return EXIT_FAILURE;
        }
    }
    return EXIT_SUCCESS;
}

std::size_t heap(const calls::LegText& text) {
    return text.size() > calls::LegText::room ? text.size() : 0;
}

int memory(int legs) {
    calls::CallTable table("pbx1", {"calldata"});
    const auto feed = [&table](const std::string& text) {
        ami::PacketParser parser;
        ami::Packet packet;
        parser.feed(text);
        while (parser.next(packet) == ami::PacketParser::Status::packet)
            table.apply(packet, now);
    };
    const auto before = mallinfo2().uordblks;
    for (int i = 0; i < legs; i += 2) {
        const auto party = [](std::string_view prefix, std::string_view device, int serial) {
            return fmt::format("{0}Channel: PJSIP/{1}-{2:08x}\r\n{0}Uniqueid: 1795406845.{2}\r\n"
                               "{0}Linkedid: 1795406845.{2}\r\n{0}ChannelStateDesc: Up\r\n"
                               "{0}CallerIDNum: {1}\r\n{0}CallerIDName: Demo {1}\r\n"
                               "{0}ConnectedLineNum: 390612345678\r\n{0}Context: astctidemo\r\n"
                               "{0}Exten: 100\r\n{0}ChanVariable: calldata=12345\r\n",
                               prefix, device, serial);
        };
        feed("Event: Newchannel\r\n" + party("", "202", i) + "\r\n");
        feed("Event: Newchannel\r\n" + party("", "201", i + 1) + "\r\n");
        feed("Event: DialBegin\r\n" + party("", "202", i) + party("Dest", "201", i + 1) + "\r\n");
        const auto bridge = fmt::format("BridgeUniqueid: {:036}\r\n", i);
        feed("Event: BridgeEnter\r\n" + bridge + party("", "202", i) + "\r\n");
        feed("Event: BridgeEnter\r\n" + bridge + party("", "201", i + 1) + "\r\n");
    }
    auto used = mallinfo2().uordblks - before;
    for (const auto& leg : table.legs().all()) {
        for (const auto* text : {&leg.uniqueid, &leg.linkedid, &leg.channel, &leg.name,
                                 &leg.connected_number, &leg.context})
            used -= heap(*text);
        for (const std::span<const calls::Variable> variables :
             {std::span<const calls::Variable>(leg.variables),
              std::span<const calls::Variable>(leg.carried)})
            for (const auto& [name, value] : variables)
                used -= heap(value);
    }
    fmt::print("leg {}\n", used / table.legs().all().size());
    return EXIT_SUCCESS;
}

} // namespace

int main(int argc, char* argv[]) {
    const std::string_view what = argc > 1 ? argv[1] : "";
    if (what == "cpu" && argc == 4)
        return cpu(argv[2], std::atoi(argv[3]));
    if (what == "memory" && argc == 3)
        return memory(std::atoi(argv[2]));
    std::fputs("usage: call_bench cpu FILE PAIRS | memory LEGS\n", stderr);
    return 64;
}
