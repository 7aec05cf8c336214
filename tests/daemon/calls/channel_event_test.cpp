// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/daemon/calls/reading.hpp"

using namespace astcti;
using namespace astcti::test;

namespace {

std::vector<std::pair<std::string, std::string>> variables_of(const ChannelEvent& event) {
    std::vector<std::pair<std::string, std::string>> variables;
    event.each_variable([&](std::string_view name, std::string_view value) {
        variables.emplace_back(name, value);
    });
    return variables;
}

} // namespace

TEST_CASE("the case of names and headers does not matter, that of values does", "[calls]") {
    const auto row = GENERATE(values<Row>(
        {{"header",
          "EVENT: hangup\nCHANNEL: SIP/1-1\nuniqueID: 1.1",
          EventKind::hangup,
          {{Field::channel, "SIP/1-1"}, {Field::uniqueid, "1.1"}}},
         {"phase",
          "Event: dIAL\nsubevent: End\nuniqueid: 1.1",
          EventKind::dial_end,
          {{Field::phase, "End"}, {Field::uniqueid, "1.1"}}},
         {"value", "Event: Dial\nSubEvent: end", EventKind::dial_begin, {{Field::phase, "end"}}}}));
    check(row);
}

TEST_CASE("what is not known is read as nothing", "[calls]") {
    const auto row = GENERATE(values<Row>(
        {{"a name that nobody has", "Event: Rubbish\nChannel: SIP/1-1", EventKind::other, {}},
         {"one that only begins like another", "Event: Hangupp\nChannel: x", EventKind::other, {}},
         {"HangupRequest is no Hangup", "Event: HangupRequest\nChannel: x", EventKind::other, {}},
         {"an answer", "Response: Success\nChannel: SIP/1-1", EventKind::other, {}},
         {"no name", "Event: \nChannel: SIP/1-1", EventKind::other, {}},
         {"no header", "Event: Hangup", EventKind::hangup, {}},
         {"headers that begin alike",
          "Event: Hangup\nChannelX: 1\nXChannel: 1\nUniqueid0: 1\nChan: 1\nCause-txt: 1\nC: 1",
          EventKind::hangup,
          {}},
         {"phases that nobody has",
          "Event: Bridge\nBridgestate: Rubbish",
          EventKind::linked,
          {{Field::phase, "Rubbish"}}},
         {"a hold that is neither on nor off",
          "Event: Hold\nStatus: ",
          EventKind::hold,
          {{Field::phase, ""}}}}));
    check(row);
}

TEST_CASE("an event is read as if none of the same shape had been read before", "[calls]") {
    // Each twice, so that its shape is known; more shapes than are remembered.
    std::vector<std::string> texts;
    for (std::size_t unread = 0; unread < 40; ++unread)
        for (const std::string key : {"ChanVariable", "ChanVariable(SIP/1-1)", "Uniqueid"})
            texts.push_back("Event: Newstate\n" + std::string(unread % 8, 'K') +
                            std::to_string(unread) + ": a=b\n" + key +
                            ": c=" + std::to_string(unread) + "\nChannel: SIP/1-1\n\n");
    calls::KnownPlaces known;
    ami::PacketParser parser;
    for (const auto& text : texts)
        for (int time = 0; time < 3; ++time) {
            ami::Packet packet;
            parser.feed(text);
            REQUIRE(parser.next(packet) == ami::PacketParser::Status::packet);
            const ChannelEvent fresh(packet);
            const ChannelEvent event(packet, EventKind::changed, known.of(packet));
            CAPTURE(text, time);
            REQUIRE(event.get(Field::channel) == "SIP/1-1");
            REQUIRE(event.get(Field::uniqueid) == fresh.get(Field::uniqueid));
            REQUIRE(variables_of(event) == variables_of(fresh));
            REQUIRE(variables_of(event).size() == (event.has(Field::uniqueid) ? 0U : 1U));
        }
}

TEST_CASE("of headers with one meaning the first counts", "[calls]") {
    check({"both spellings",
           "Event: Newstate\nCallerIDNum: 1\nCallerID: 2\nState: Up\n"
           "ChannelStateDesc: Ring",
           EventKind::changed,
           {{Field::number, "1"}, {Field::state, "Up"}}});
    check({"empty is there",
           "Event: Newstate\nCallerIDNum: \nCallerID: 2",
           EventKind::changed,
           {{Field::number, ""}}});
}

TEST_CASE("variables are those of the event's channel", "[calls]") {
    using Variables = std::vector<std::pair<std::string, std::string>>;
    struct VariableRow {
        std::string headers;
        Variables first;
        Variables of_second;
    };
    const auto row = GENERATE(values<VariableRow>(
        {{"ChanVariable: calldata=1=2\nChanVariable: b=", {{"calldata", "1=2"}, {"b", ""}}, {}},
         {"ChanVariable(SIP/1-1): calldata=1", {{"calldata", "1"}}, {}},
         {"ChanVariable(SIP/2-2): calldata=1", {}, {}},
         {"ChanVariable(SIP/1-1: calldata=1", {}, {}},
         {"DestChanVariable: calldata=1", {}, {{"calldata", "1"}}},
         {"ChanVariable: calldata=1\nDestChanVariable: calldata=2",
          {{"calldata", "1"}},
          {{"calldata", "2"}}},
         {"chanvariable: calldata=1", {{"calldata", "1"}}, {}},
         {"ChanVariable: rubbish\nChanVariable: ", {}, {}},
         {"ChanVariable: =1", {{"", "1"}}, {}},
         {"Variable: calldata=1\nChanVariables: calldata=1", {}, {}}}));
    CAPTURE(row.headers);
    read("Event: DialBegin\nChannel: SIP/1-1\nUniqueid: 1.1\n" + row.headers,
         [&row](const ChannelEvent& event) {
             CHECK(variables_of(event) == row.first);
             CHECK(variables_of(event.second()) == row.of_second);
         });
}

TEST_CASE("the second channel of an event is read as a first one", "[calls]") {
    read("Event: DialBegin\nChannel: SIP/1-1\nUniqueid: 1.1\nCallerIDNum: 1\nBridgeUniqueid: b\n"
         "DestChannel: SIP/2-2\nDestUniqueid: 1.2\nDestConnectedLineNum: 1",
         [](const ChannelEvent& event) {
             const auto other = event.second();
             CHECK(other.kind() == EventKind::dial_begin);
             CHECK(other.get(Field::channel) == "SIP/2-2");
             CHECK(other.get(Field::uniqueid) == "1.2");
             CHECK(other.get(Field::connected_number) == "1");
             CHECK_FALSE(other.has(Field::number)); // the first one's
             CHECK_FALSE(other.second().has(Field::channel));
         });
}

TEST_CASE("the version is known by the headers that are there", "[calls]") {
    struct VersionRow {
        std::string headers;
        bool escaped;
        bool connected_line;
    };
    const auto row = GENERATE(values<VersionRow>({{"CallerID: 1", false, false},
                                                  {"ConnectedLineNum: ", false, true},
                                                  {"Linkedid: 1.1", true, false},
                                                  {"DestLinkedid: 1.1", true, false},
                                                  {"LinkedidX: 1.1", false, false}}));
    CAPTURE(row.headers);
    read("Event: Newstate\n" + row.headers, [&row](const ChannelEvent& event) {
        CHECK(event.is_escaped() == row.escaped);
        CHECK(event.has_connected_line() == row.connected_line);
    });
}
