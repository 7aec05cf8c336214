// SPDX-License-Identifier: GPL-3.0-or-later
// many_calls COUNT: so many calls, one kind after the other, and nothing is left of them.
#include "daemon/ami/packet_parser.hpp"
#include "daemon/calls/call_table.hpp"
#include "daemon/routing/router.hpp"
#include "tests/support/pbx.hpp"

#include <charconv>
#include <cstdio>
#include <fmt/format.h>
#include <fstream>

using namespace astcti;
using test::Pbx;
using test::Version;

namespace {

// With this all uniqueids of a Pbx begin: another number makes another call of a script.
constexpr std::string_view seconds = "1795406900";
constexpr std::size_t first_seconds = 1000000000;

class Script {
public:
    explicit Script(std::string text) : text_(std::move(text)) {
        for (auto at = text_.find(seconds); at != text_.npos; at = text_.find(seconds, at + 1))
            places_.push_back(at);
    }

    // The same calls once more, with other uniqueids.
    const std::string& of(std::size_t number) {
        const auto digits = std::to_string(first_seconds + number);
        for (const auto place : places_)
            text_.replace(place, digits.size(), digits);
        return text_;
    }

private:
    std::string text_;
    std::vector<std::size_t> places_;
};

std::string direct(Version version) {
    Pbx pbx(version);
    auto customer = pbx.channel(pbx.technology() + "trunk", "0612", "ACME", "201");
    auto anna = pbx.channel(pbx.technology() + "201", "201", "Anna");
    pbx.calls(customer);
    pbx.answered_call(customer, anna);
    pbx.hold(anna, true);
    pbx.hold(anna, false);
    pbx.disconnect(customer, anna);
    pbx.hang_up(anna);
    pbx.hang_up(customer);
    return pbx.take();
}

std::string local_queue(Version version) {
    Pbx pbx(version);
    auto customer = pbx.channel(pbx.technology() + "trunk", "0612", "ACME", "100");
    pbx.calls(customer);
    pbx.state(customer, "Up");
    pbx.set(customer, "12345");
    pbx.join(customer, "support");
    auto [near, far] = pbx.local("Local/201@from-queue");
    auto anna = pbx.channel(pbx.technology() + "201", "201", "Anna");
    auto [other_near, other_far] = pbx.local("Local/202@from-queue");
    auto bert = pbx.channel(pbx.technology() + "202", "202", "Bert");
    for (auto [one, two, desk] :
         {std::tuple(&near, &far, &anna), std::tuple(&other_near, &other_far, &bert)}) {
        pbx.begin(*one);
        pbx.begin(*two, "Ring");
        pbx.dial(customer, *one, "support");
        pbx.begin(*desk);
        pbx.dial(*two, *desk);
        pbx.state(*desk, "Ringing");
    }
    pbx.answer(far, anna);
    pbx.answer(customer, near);
    for (auto* channel : {&bert, &other_far, &other_near})
        pbx.hang_up(*channel, 26);
    pbx.disconnect(customer, near);
    pbx.disconnect(far, anna);
    for (auto* channel : {&anna, &far, &near, &customer})
        pbx.hang_up(*channel);
    return pbx.take();
}

// With a consultation; before Asterisk 12 by a masquerade.
std::string transfer(Version version) {
    Pbx pbx(version);
    auto customer = pbx.channel(pbx.technology() + "trunk", "0612", "ACME", "201");
    auto anna = pbx.channel(pbx.technology() + "201", "201", "Anna");
    pbx.calls(customer);
    pbx.answered_call(customer, anna);
    auto second = pbx.channel(pbx.technology() + "201", "201", "Anna", "202");
    auto bert = pbx.channel(pbx.technology() + "202", "202", "Bert");
    pbx.calls(second);
    pbx.answered_call(second, bert);
    pbx.disconnect(customer, anna);
    pbx.disconnect(second, bert);
    if (pbx.is_modern()) {
        pbx.connect(customer, bert);
        pbx.event("AttendedTransfer", {{"Result", "Success"},
                                       {"OrigTransfererUniqueid", anna.uniqueid},
                                       {"SecondTransfererUniqueid", second.uniqueid}});
    } else {
        pbx.masquerade(second, customer);
        pbx.connect(second, bert);
    }
    for (auto* channel : {&anna, &customer, &second, &bert})
        pbx.hang_up(*channel);
    return pbx.take();
}

std::size_t resident_kilobytes() {
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;)
        if (word == "VmRSS:")
            if (std::size_t size = 0; status >> size)
                return size;
    return 0;
}

struct Counts {
    std::size_t events = 0;
    std::size_t told = 0;
};

void run(calls::CallTable& table, routing::Router& router, const std::string& script,
         Counts& counts) {
    ami::PacketParser parser;
    ami::Packet packet;
    parser.feed(script);
    while (parser.next(packet) == ami::PacketParser::Status::packet) {
        counts.told += router.changed(table, table.apply(packet, ++counts.events)).size();
        table.sweep();
    }
}

} // namespace

int main(int argc, char** argv) {
    const std::string_view argument = argc == 2 ? argv[1] : "";
    std::size_t count = 0;
    std::from_chars(argument.data(), argument.data() + argument.size(), count);
    if (count == 0) {
        std::fputs("usage: many_calls COUNT\n", stderr);
        return 64;
    }

    clients::SessionTable sessions;
    sessions.add({1, "anna", "PJSIP/201", false, {"SIP/201"}});
    sessions.add({2, "bert", "PJSIP/202", false, {"SIP/202"}});
    routing::Router router(sessions);
    router.set_account_devices({"PJSIP/201", "SIP/201", "PJSIP/202", "SIP/202"});
    calls::CallTable modern("modern", {"calldata"});
    calls::CallTable old("old", {"calldata"});
    std::vector<std::pair<calls::CallTable*, Script>> scripts;
    for (const auto version : {Version::v22, Version::v11})
        for (const auto write : {direct, local_queue, transfer})
            scripts.emplace_back(version == Version::v22 ? &modern : &old, write(version));

    Counts counts;
    std::size_t told_of_one_round = 0;
    std::size_t before = 0;
    for (std::size_t i = 0; i < count; ++i) {
        auto& [table, script] = scripts[i % scripts.size()];
        run(*table, router, script.of(i), counts);
        if (table->legs().size() != 0 || router.size() != 0) {
            fmt::print("after call {}: {} legs and ties, {} calls are left\n", i + 1,
                       table->legs().size(), router.size());
            return 1;
        }
        // From when on nothing should grow: all that is remembered is full.
        if (i + 1 == scripts.size())
            told_of_one_round = counts.told;
        if (i + 1 == std::max<std::size_t>(count / 10, scripts.size()))
            before = resident_kilobytes();
    }
    fmt::print("{} calls, {} events, {} told; legs and calls left: {}; resident: {} kB after a "
               "tenth, {} kB at the end\n",
               count, counts.events, counts.told,
               modern.legs().size() + old.legs().size() + router.size(), before,
               resident_kilobytes());
    // Each round is told as the first one was.
    if (count % scripts.size() == 0 &&
        counts.told != told_of_one_round * (count / scripts.size())) {
        fmt::print("a round told {}\n", told_of_one_round);
        return 1;
    }
    return 0;
}
