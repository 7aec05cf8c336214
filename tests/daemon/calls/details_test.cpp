// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ami/text.hpp"
#include "daemon/calls/details.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/trace.hpp"

using namespace astcti;
using calls::Leg;
using calls::LegState;

namespace {

std::string text_of(std::string_view raw, bool escaped = false) {
    calls::LegText field("what was there");
    calls::set_text(field, raw, escaped);
    return std::string(field);
}

bool update(Leg& leg, const std::string& headers, bool old_caller_id = false) {
    bool changed = false;
    test::each_packet("Event: Newstate\n" + headers + "\n\n",
                      [&](const ami::Packet& packet, calls::Clock) {
                          changed = update_details(leg, calls::ChannelEvent(packet), old_caller_id);
                      });
    return changed;
}

} // namespace

TEST_CASE("a text is clean, un-escaped if it was escaped, and not too long", "[calls]") {
    struct Row {
        std::string raw;
        bool escaped;
        std::string text;
    };
    const auto row = GENERATE(values<Row>({{"Mario", false, "Mario"},
                                           {"", false, ""},
                                           {"<unknown>", false, ""},
                                           {"<null>", false, ""},
                                           {"O\\'B", true, "O'B"},
                                           {"O\\'B", false, "O\\'B"},
                                           {"a\\\\b", true, "a\\b"},
                                           {"a\\nb", true, "a b"},
                                           {"a\tb\x1b[1m\x7f", false, "a b[1m"},
                                           {"M\xFCller", false, "M\u00fcller"},
                                           {"\u674e\u96f7", false, "\u674e\u96f7"},
                                           {"a\u202eb", false, "ab"}}));
    CAPTURE(row.raw);
    CHECK(text_of(row.raw, row.escaped) == row.text);
}

TEST_CASE("no byte gets through that is not clean, wherever it is", "[calls]") {
    constexpr std::size_t longest = 20; // bytes are looked at eight at a time
    for (std::size_t size = 1; size <= longest; ++size)
        for (std::size_t at = 0; at < size; ++at)
            for (int byte = 0; byte < 256; ++byte) {
                std::string raw(size, 'a');
                raw[at] = static_cast<char>(byte);
                REQUIRE(text_of(raw) == ami::clean_text(raw));
                REQUIRE(text_of(raw, true) == ami::clean_text(ami::unescape(raw)));
            }
}

TEST_CASE("a long text is cut at a character", "[calls]") {
    CHECK(text_of(std::string(calls::max_text_size, 'a')).size() == calls::max_text_size);
    CHECK(text_of(std::string(calls::max_text_size + 1, 'a')).size() == calls::max_text_size);
    CHECK(text_of(std::string(65536, 'a')) == std::string(calls::max_text_size, 'a'));
    std::string wide;
    for (std::size_t i = 0; i < 65536 / 3; ++i)
        wide += "\u674e";
    const auto cut = text_of("a" + wide);
    CHECK(cut.size() == calls::max_text_size - 1); // 1 + 170 * 3 = 511; the next does not fit
    CHECK(cut == ("a" + wide).substr(0, cut.size()));
}

TEST_CASE("a text that is the same is no change", "[calls]") {
    calls::LegText field;
    CHECK_FALSE(calls::set_text(field, ""));
    CHECK_FALSE(calls::set_text(field, "<unknown>"));
    CHECK(calls::set_text(field, "a\\'b", true));
    CHECK_FALSE(calls::set_text(field, "a\\'b", true));
    CHECK_FALSE(calls::set_text(field, "a'b"));
    CHECK(calls::set_text(field, std::string(9999, 'x')));
    CHECK_FALSE(calls::set_text(field, std::string(8888, 'x')));
}

TEST_CASE("what an event does not tell stays", "[calls]") {
    Leg leg;
    CHECK(update(leg, "CallerIDNum: 1\nCallerIDName: A\nContext: c\nExten: e\nLinkedid: l\n"
                      "ConnectedLineNum: 2\nConnectedLineName: B\nCID-CallingPres: 32"));
    CHECK_FALSE(update(leg, "CallerIDNum: 1"));
    CHECK_FALSE(update(leg, "Channel: x"));
    CHECK(update(leg, "CallerIDNum: 3"));
    CHECK(leg.number == "3");
    CHECK(leg.name == "A");
    CHECK(leg.connected_number == "2");
    CHECK(leg.connected_name == "B");
    CHECK(leg.context == "c");
    CHECK(leg.extension == "e");
    CHECK(leg.linkedid == "l");
    CHECK(leg.withheld);
    CHECK(update(leg, "CID-CallingPres: 0"));
    CHECK_FALSE(leg.withheld);
    CHECK(update(leg, "CallerIDNum: <unknown>\nConnectedLineName: "));
    CHECK(leg.number.empty());
    CHECK(leg.connected_name.empty());
}

TEST_CASE("before 1.8 the caller id of a telephone that is called is its caller's", "[calls]") {
    Leg leg;
    leg.dialed = GENERATE(true, false);
    const bool old_caller_id = GENERATE(true, false);
    update(leg, "CallerID: 1\nCallerIDName: A", old_caller_id);
    const bool callers = leg.dialed && old_caller_id;
    CHECK(leg.connected_number == (callers ? "1" : ""));
    CHECK(leg.connected_name == (callers ? "A" : ""));
    CHECK(leg.number == (callers ? "" : "1"));
    CHECK(leg.name == (callers ? "" : "A"));
}

TEST_CASE("the words for a channel's state", "[calls]") {
    using Known = std::optional<LegState>;
    const auto [word, state] =
        GENERATE(table<std::string, Known>({{"Down", LegState::down},
                                            {"Rsrvd", LegState::down},
                                            {"OffHook", LegState::down},
                                            {"Dialing", LegState::down},
                                            {"Dialing Offhook", LegState::down},
                                            {"Pre-ring", LegState::down},
                                            {"Ring", LegState::calling},
                                            {"Ringing", LegState::ringing},
                                            {"Up", LegState::up},
                                            {"up", Known()},
                                            {"Busy", Known()},
                                            {"Mute", Known()},
                                            {"Unknown", Known()},
                                            {"", Known()},
                                            {std::string(65536, 'U'), Known()}}));
    CAPTURE(word);
    const auto* known = calls::state_from(word);
    CHECK((known ? Known(known->state) : Known()) == state);
    CHECK((!known || known->text == word));
}

TEST_CASE("a cause is a number of Q.850", "[calls]") {
    const auto [text, cause] =
        GENERATE(table<std::string, std::uint32_t>({{"16", 16},
                                                    {"0", 0},
                                                    {"127", 127},
                                                    {"255", 255},
                                                    {"256", 0},
                                                    {"-1", 0},
                                                    {"", 0},
                                                    {"busy", 0},
                                                    {" 16", 0},
                                                    {"17 (User busy)", 17},
                                                    {"99999999999999999999", 0}}));
    CAPTURE(text);
    CHECK(calls::cause_from(text) == cause);
}

TEST_CASE("why an originate failed", "[calls]") {
    const auto [reason, cause, status] =
        GENERATE(table<std::string, std::uint32_t, std::string>({{"0", 0, ""},
                                                                 {"1", 19, ""},
                                                                 {"3", 19, "NOANSWER"},
                                                                 {"4", 0, ""},
                                                                 {"5", 17, "BUSY"},
                                                                 {"8", 34, "CONGESTION"},
                                                                 {"", 0, ""},
                                                                 {"35", 0, ""},
                                                                 {"x", 0, ""}}));
    CAPTURE(reason);
    CHECK(calls::cause_of_reason(reason) == cause);
    CHECK(calls::status_of_reason(reason) == status);
}

TEST_CASE("a number is withheld if its presentation is prohibited", "[calls]") {
    const auto [text, prohibited] =
        GENERATE(table<std::string, bool>({{"0 (Presentation Allowed, Not Screened)", false},
                                           {"3", false},
                                           {"31", false},
                                           {"32 (Presentation Prohibited, Not Screened)", true},
                                           {"35", true},
                                           {"63", true},
                                           {"64", false},
                                           {"67 (Number Unavailable)", false},
                                           {"", false},
                                           {"prohibited", false}}));
    CAPTURE(text);
    CHECK(calls::is_prohibited(text) == prohibited);
}
