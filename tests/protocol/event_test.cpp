// SPDX-License-Identifier: GPL-3.0-or-later
// Writer, reader, schema and examples agree.
#include "astcti_events_xsd.hpp"
#include "protocol/event_reader.hpp"
#include "protocol/event_writer.hpp"
#include "protocol/utf8.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/files.hpp"
#include "tests/support/schema.hpp"

using namespace astcti;
using namespace astcti::protocol;

namespace {

Call full_call() {
    Call call;
    call.id = "pbx1:1795406933.1:201";
    call.pbx = "pbx1";
    call.state = CallState::ended;
    call.uniqueid = "1795406933.1";
    call.linkedid = "1795406931.0";
    call.channel = "PJSIP/201-00000001";
    call.own_number = "201";
    call.own_name = "Demo 201";
    call.peer_number = "202";
    call.peer_name = "Demo 202";
    call.peer_uniqueid = "1795406931.0";
    call.withheld = true;
    call.internal = true;
    call.called_number = "100";
    call.context = "astctidemo";
    call.queue = "astcti";
    call.calldata = "12345";
    call.variables = {{"order", "7"}};
    call.start = 1795406933000000;
    call.answer = 1795406934000000;
    call.end = 1795406935000000;
    call.end_reason = EndReason::normal;
    call.cause = 16;
    return call;
}

// Without its line end.
std::string line_of(const Event& event) {
    std::string line;
    append_event(line, event);
    REQUIRE(line.back() == '\n');
    line.pop_back();
    REQUIRE(line.find('\n') == line.npos);
    return line;
}

std::string kind_of(std::string_view line) {
    const auto read = read_event(line);
    if (const auto* error = std::get_if<EventError>(&read))
        return error->why;
    return std::holds_alternative<UnknownEvent>(read) ? "unknown" : "event";
}

} // namespace

TEST_CASE("what is written is read back, and the schema agrees", "[event]") {
    const test::Schema schema(schema::astcti_events);
    std::vector<EventBody> bodies{SnapshotBegin{"e1", "anna", "PJSIP/201"},
                                  SnapshotBegin{"e1", "erik", ""},
                                  SnapshotEnd{},
                                  PbxState{"pbx1", true},
                                  PbxState{"pbx2", false},
                                  CallEvent{full_call(), false},
                                  RulesPart{"1c3f", 4, 0, "<a/>"},
                                  RulesPart{"1c3f", max_rules_size, 8192, "\n\t\"'&"}};
    for (const auto state : {CallState::dialing, CallState::alerting, CallState::ringing,
                             CallState::answered, CallState::held, CallState::ended}) {
        Call call;
        call.id = "pbx1:1.1:a";
        call.pbx = "pbx1";
        call.uniqueid = "1.1";
        call.channel = "SIP/1-1";
        call.state = state;
        bodies.emplace_back(CallEvent{call, false});
        if (state == CallState::answered)
            bodies.emplace_back(CallEvent{call, false, true});
        if (state != CallState::ended)
            bodies.emplace_back(CallEvent{call, true});
    }
    std::uint64_t seq = 0;
    for (const auto& body : bodies) {
        const Event event{++seq, 1795406933123456, body};
        const auto line = line_of(event);
        CAPTURE(line);
        CHECK(schema.accepts(line));
        const auto read = read_event(line);
        REQUIRE(std::holds_alternative<Event>(read));
        CHECK(std::get<Event>(read) == event);
    }
}

TEST_CASE("a Peer event without a state leaves it to what its times tell", "[event]") {
    auto call = full_call();
    call.end = 0;
    call.end_reason = EndReason::none;
    call.cause = 0;
    call.state = CallState::answered;
    const Event event{1, 2, CallEvent{call, true}};
    auto line = line_of(event);
    CHECK(line.starts_with("<Peer "));
    const std::string state = " state=\"answered\"";
    line.erase(line.find(state), state.size());
    CHECK(std::get<Event>(read_event(line)) == event);
}

TEST_CASE("there is an example of every event, and each is valid and read", "[event]") {
    const test::Schema schema(schema::astcti_events);
    const auto name =
        GENERATE(as<std::string>{}, "SnapshotBegin", "SnapshotEnd", "Pbx", "Dialing", "Alerting",
                 "Ringing", "Answered", "Held", "Resumed", "Peer", "Ended", "Rules");
    CAPTURE(name);
    auto example = test::source_file("xml/examples/" + name + ".xml");
    REQUIRE(example.back() == '\n');
    example.pop_back();
    CHECK(example.starts_with("<" + name + " "));
    CHECK(schema.accepts(example));
    const auto read = read_event(example);
    REQUIRE(std::holds_alternative<Event>(read));
    std::string written;
    append_event(written, std::get<Event>(read));
    written.pop_back();
    CHECK(written == example);
}

TEST_CASE("whatever a caller calls himself, an event stays one valid line", "[event]") {
    const test::Schema schema(schema::astcti_events);
    std::string all;
    for (int byte = 0; byte < 256; ++byte)
        all += static_cast<char>(byte);
    const auto name =
        GENERATE_COPY(as<std::string>{}, all, "<b>&\"'$(reboot)\n", "]]>", "<!DOCTYPE x>", "&lol9;",
                      "\xED\xA0\x80", std::string(70000, '"'), "\uFFFE\uFFFF");
    auto call = full_call();
    call.peer_name = call.calldata = call.queue = name;
    call.variables.assign(20, {"v" + cleaned(name), name});
    const auto line = line_of({1, 2, CallEvent{call, false}});
    CHECK(line.size() <= max_event_line);
    CHECK(schema.accepts(line));
    const auto read = read_event(line);
    REQUIRE(std::holds_alternative<Event>(read));
    const auto& back = std::get<CallEvent>(std::get<Event>(read).body).call;
    CHECK(back.variables.size() == max_variables);
    CHECK(back.peer_name.size() <= 3 * max_name_size);
    if (is_utf8(name) && name.size() <= max_name_size && name != "\uFFFE\uFFFF")
        CHECK(back.peer_name == name);
}

TEST_CASE("values of the limit are told whole, longer ones are cut", "[event]") {
    auto call = full_call();
    call.peer_name = std::string(max_name_size, 'n');
    call.calldata = std::string(max_variable_size, 'd');
    auto back = std::get<CallEvent>(
        std::get<Event>(read_event(line_of({1, 2, CallEvent{call, false}}))).body);
    CHECK(back.call == call);
    call.peer_name += 'x';
    call.calldata += 'x';
    back = std::get<CallEvent>(
        std::get<Event>(read_event(line_of({1, 2, CallEvent{call, false}}))).body);
    CHECK(back.call.peer_name.size() == max_name_size);
    CHECK(back.call.calldata.size() == max_variable_size);
}

TEST_CASE("a line that is no event is an error, never more", "[event]") {
    const auto line = GENERATE(
        as<std::string>{}, "", "rubbish", "<Ringing", "<Ringing/>",
        "<Ringing seq=\"1\" time=\"2\"/>", "<Ringing seq=\"x\" time=\"2\" pbx=\"p\" call=\"c\"/>",
        "<Ringing seq=\"1\" time=\"2\" pbx=\"p\" call=\"c\"><start>soon</start></Ringing>",
        "<Ringing seq=\"1\" time=\"2\" pbx=\"p\" call=\"c\"><direction>up</direction></Ringing>",
        "<Ended seq=\"1\" time=\"2\" pbx=\"p\" call=\"c\"><cause>256</cause></Ended>",
        "<Pbx seq=\"1\" time=\"2\" pbx=\"p\" state=\"maybe\"/>",
        "<!DOCTYPE x [<!ENTITY a \"b\">]><Pbx seq=\"1\" time=\"2\" pbx=\"&a;\" state=\"up\"/>",
        "<?xml-stylesheet href=\"x\"?><SnapshotEnd seq=\"1\" time=\"2\"/>",
        "<SnapshotEnd seq=\"1\" time=\"2\">&nbsp;</SnapshotEnd>",
        "<SnapshotEnd seq=\"1\" time=\"2\"/><SnapshotEnd seq=\"1\" time=\"2\"/>",
        "<SnapshotEnd seq=\"1\" time=\"2\" x=\"\xFF\"/>", std::string(70000, 'x'));
    CAPTURE(line.substr(0, 80));
    const auto kind = kind_of(line);
    CHECK(kind != "event");
    CHECK(kind != "unknown");
}

TEST_CASE("what a later version adds is passed over", "[event]") {
    CHECK(kind_of("<Whispered seq=\"1\" time=\"2\" pbx=\"p\" call=\"c\"/>") == "unknown");
    const auto read = read_event("<Ringing seq=\"1\" time=\"2\" pbx=\"p\" call=\"c\" mood=\"good\">"
                                 "<mood>better</mood><peer-number>202</peer-number></Ringing>");
    REQUIRE(std::holds_alternative<Event>(read));
    CHECK(std::get<CallEvent>(std::get<Event>(read).body).call.peer_number == "202");
}
