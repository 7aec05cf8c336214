// SPDX-License-Identifier: GPL-3.0-or-later
// Much of everything, and more than anybody would send.
#include "daemon/ami/packet_parser.hpp"
#include "protocol/call.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/pbx.hpp"
#include "tests/support/told.hpp"

#include <fmt/format.h>
#include <sstream>

using namespace astcti;
using test::Channel;
using test::Pbx;
using test::Version;

namespace {

const test::Accounts desks{{"anna", {"PJSIP/201"}}, {"bert", {"PJSIP/202"}}};

// 0612 calls 201, who answers and hangs up.
std::string one_call(Pbx& pbx) {
    auto customer = pbx.channel("PJSIP/trunk", "0612", "ACME", "201");
    auto anna = pbx.channel("PJSIP/201", "201", "Anna");
    pbx.calls(customer);
    pbx.answered_call(customer, anna);
    pbx.disconnect(customer, anna);
    pbx.hang_up(anna);
    pbx.hang_up(customer);
    return pbx.take();
}

const std::string call = R"( inbound 0612 "ACME" called 201 context demo own 201 "Anna")";
const std::string all_of_it = "anna 1 Ringing" + call + "\nanna 1 Answered" + call +
                              "\nanna 1 Ended" + call + " reason normal cause 16\n";

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);)
        lines.push_back(line);
    return lines;
}

} // namespace

TEST_CASE("beside channels that never end a call is told as ever", "[calls]") {
    constexpr int many = 10000;
    Pbx pbx;
    struct Row {
        std::string what;
        std::string state;
        bool dialed;
        bool bridged;
    };
    const auto row = GENERATE(values<Row>({{"that are only there", "Down", false, false},
                                           {"that call", "Ring", false, false},
                                           {"that one has called", "Ringing", true, false},
                                           {"that are in one bridge", "Up", false, true}}));
    CAPTURE(row.what);
    auto crowd = pbx.channel("PJSIP/crowd", "0", "", "1");
    pbx.calls(crowd);
    for (int i = 0; i < many; ++i) {
        auto channel = pbx.channel("PJSIP/nobody", "0", "", "1");
        pbx.begin(channel, row.dialed ? "Down" : row.state);
        if (row.dialed) {
            pbx.dial(crowd, channel);
            pbx.state(channel, row.state);
        }
        if (row.bridged)
            pbx.enter(channel, "all");
    }
    auto script = pbx.take();
    script += one_call(pbx);
    const auto told = test::told(desks, script);
    CHECK(told.lines == all_of_it);
    CHECK(told.left == many + 1 + (row.bridged ? 1 : 0));
    // And a list without them is their end.
    pbx.list({});
    const auto then = test::told(desks, script + pbx.take());
    CHECK(then.lines == all_of_it);
    CHECK(then.left == 0);
}

TEST_CASE("a desk that has thousands of channels is told of each, and of each end", "[calls]") {
    constexpr int many = 2000;
    Pbx pbx;
    std::vector<Channel> channels;
    for (int i = 0; i < many; ++i)
        pbx.calls(channels.emplace_back(pbx.channel("PJSIP/201", "201", "Anna", "100")));
    for (auto& channel : channels)
        pbx.hang_up(channel);
    const auto told = test::told(desks, pbx.take());
    CHECK(lines_of(told.lines).size() == 2 * many);
    CHECK(told.left == 0);
}

TEST_CASE("more channels than the limit are not known, and those that are go on", "[calls]") {
    Pbx pbx;
    auto customer = pbx.channel("PJSIP/trunk", "0612", "ACME", "201");
    auto anna = pbx.channel("PJSIP/201", "201", "Anna");
    pbx.calls(customer);
    pbx.answered_call(customer, anna);
    for (std::size_t i = 2; i < calls::LegTable::max_legs; ++i) {
        auto channel = pbx.channel("PJSIP/nobody");
        pbx.begin(channel);
    }
    auto script = pbx.take();
    script += one_call(pbx); // no room for this one
    pbx.disconnect(customer, anna);
    pbx.hang_up(anna);
    pbx.hang_up(customer);
    script += pbx.take();
    const auto told = test::told(desks, script);
    CHECK(told.lines == all_of_it);
    CHECK(told.left == calls::LegTable::max_legs - 2);
    // There is room again.
    const auto again = test::told(desks, script + one_call(pbx));
    CHECK(lines_of(again.lines).size() == 6);
}

TEST_CASE("a long text is told cut at a character, and one that is too long is not", "[calls]") {
    const auto* one = GENERATE("a", "\u674e");
    const auto [what, size] = GENERATE(table<std::string, std::size_t>({{"name", 16000},
                                                                        {"variable", 16000},
                                                                        {"number", 16000},
                                                                        {"name", 65536},
                                                                        {"variable", 65536},
                                                                        {"number", 65536}}));
    CAPTURE(one, what, size);
    const std::string_view character = one;
    std::string text;
    while (text.size() + character.size() <= size)
        text += character;
    Pbx pbx;
    auto customer = pbx.channel("PJSIP/trunk", "0612", "ACME", "201");
    auto anna = pbx.channel("PJSIP/201", "201", "Anna");
    (what == "name"     ? customer.person
     : what == "number" ? customer.number
                        : customer.context) = text;
    if (what == "variable")
        customer.variables = {{"calldata", text}}, customer.context = "demo";
    pbx.calls(customer);
    pbx.begin(anna);
    pbx.dial(customer, anna);
    pbx.state(anna, "Ringing");
    pbx.hang_up(anna);
    pbx.hang_up(customer);
    // A packet that was too long to be read may have been an end: the next list says so.
    pbx.list({});
    const auto told = test::told(desks, pbx.take());
    CHECK(told.left == 0);
    const auto lines = lines_of(told.lines);
    if (size > ami::max_header_size) {
        // No packet of the customer's was read, so there is nobody whose call that is.
        CHECK(lines.empty());
        return;
    }
    REQUIRE(lines.size() == 2);
    CHECK(lines[0].starts_with("anna 1 Ringing inbound "));
    CHECK(lines[0].size() < calls::max_text_size + 200);
    const auto first = lines[0].find(text.substr(0, 3 * character.size()));
    REQUIRE(first != std::string::npos);
    std::size_t length = 0;
    while (lines[0].compare(first + length, character.size(), character) == 0)
        length += character.size();
    CHECK(length == calls::max_text_size / character.size() * character.size());
}

TEST_CASE("a packet that is too long is nothing, and the next one is read", "[calls]") {
    Pbx pbx;
    const auto whole = one_call(pbx);
    const auto begin = whole.find("Event: Newstate");
    struct Row {
        std::string packet;
        bool is_read;
    };
    std::string many;
    for (int i = 0; i < 2000; ++i)
        many += fmt::format("X{}: 1\r\n", i);
    const auto row = GENERATE_COPY(
        values<Row>({{"Event: Newstate\r\nX: " + std::string(200000, 'x') + "\r\n\r\n", false},
                     {"Event: Newstate\r\n" + many + "\r\n", false},
                     {"Event: Newstate\r\nno header at all\r\n\r\n", false},
                     {"Event: Newstate\r\nUniqueid: 1\r\nUniqueid: 2\r\n\r\n", false}}));
    Replay replay({});
    replay.add_account("anna", {"PJSIP/201"});
    std::string told;
    const auto unreadable =
        replay.run(whole.substr(0, begin) + row.packet + whole.substr(begin), told);
    CHECK((unreadable == 0) == row.is_read);
    CHECK(told == all_of_it);
    CHECK(replay.size() == 0);
}

TEST_CASE("what is about a call that is over is nothing, in any order", "[calls]") {
    Pbx pbx;
    const auto script = one_call(pbx);
    const auto told = test::told(desks, script + script + script);
    CHECK(told.lines == all_of_it);
    CHECK(told.left == 0);
    // Backwards nobody is told of anybody.
    std::string backwards;
    std::size_t end = script.size();
    while (end > 0) {
        const auto begin = end < 4 ? std::string::npos : script.rfind("\r\n\r\n", end - 5);
        const auto from = begin == std::string::npos ? 0 : begin + 4;
        backwards += script.substr(from, end - from);
        end = from;
    }
    const auto nothing = test::told(desks, backwards);
    CHECK(nothing.lines.empty());
    pbx.list({});
    CHECK(test::told(desks, backwards + pbx.take()).left == 0);
}

TEST_CASE("events about channels that nobody knows tell nothing", "[calls]") {
    Pbx pbx;
    auto customer = pbx.channel("PJSIP/trunk", "0612", "ACME", "201");
    auto anna = pbx.channel("PJSIP/201", "201", "Anna");
    // Neither of them began.
    pbx.dial(customer, anna);
    pbx.state(anna, "Ringing");
    pbx.answer(customer, anna);
    pbx.hold(anna, true);
    pbx.hold(anna, false);
    pbx.rename(anna, "PJSIP/201-9");
    pbx.event("Pickup", pbx.about(anna));
    pbx.event("AgentConnect", {{"Channel", customer.name},
                               {"Uniqueid", customer.uniqueid},
                               {"DestChannel", anna.name},
                               {"DestUniqueid", anna.uniqueid}});
    pbx.event("BlindTransfer", {{"TransfererUniqueid", anna.uniqueid}});
    pbx.event("ParkedCall", {{"ParkeeChannel", customer.name},
                             {"ParkeeUniqueid", customer.uniqueid},
                             {"ParkerDialString", "PJSIP/201"}});
    pbx.event("BridgeMerge", {{"FromBridgeUniqueid", "b1"}, {"ToBridgeUniqueid", "b2"}});
    pbx.hang_up(anna);
    pbx.hang_up(customer);
    const auto told = test::told(desks, pbx.take());
    CHECK(told.lines.empty());
    CHECK(told.left == 0);
}
