// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/why/decision_log.hpp"
#include "tests/support/catch.hpp"

#include <string>

using namespace astcti::why;

namespace {

Note note(std::string text) {
    return {1, Part::call, "ringing", std::move(text)};
}

} // namespace

TEST_CASE("what was noted of a call is told in order, and of no other", "[why]") {
    DecisionLog log;
    log.add("a", note("1"));
    log.add("b", note("2"));
    log.add("a", note("3"));
    REQUIRE(log.find("a"));
    CHECK(log.find("a")->notes == std::vector<Note>{note("1"), note("3")});
    CHECK(log.find("b")->notes == std::vector<Note>{note("2")});
    CHECK_FALSE(log.find("c"));
}

TEST_CASE("without an id it is the call that came last", "[why]") {
    DecisionLog log;
    CHECK_FALSE(log.find(""));
    log.add("a", note("1"));
    log.add("b", note("2"));
    log.add("a", note("3"));
    REQUIRE(log.find(""));
    CHECK(log.find("")->call == "b");
}

TEST_CASE("the last 50 calls are kept", "[why]") {
    DecisionLog log;
    STATIC_REQUIRE(DecisionLog::max_calls == 50);
    for (std::size_t i = 0; i <= DecisionLog::max_calls; ++i)
        log.add(std::to_string(i), note("x"));
    CHECK(log.calls().size() == DecisionLog::max_calls);
    CHECK_FALSE(log.find("0"));
    CHECK(log.find("1"));
    CHECK(log.find("50"));
}

TEST_CASE("what comes late of a forgotten call takes no other's place", "[why]") {
    DecisionLog log;
    for (std::size_t i = 0; i <= DecisionLog::max_calls; ++i)
        log.add(std::to_string(i), note("x"));
    for (const auto part : {Part::rule, Part::start, Part::notification})
        log.add("0", {1, part, "failed", "late"});
    CHECK_FALSE(log.find("0"));
    CHECK(log.find("1"));
}

TEST_CASE("of a call that goes on for ever the first notes and the last stay", "[why]") {
    DecisionLog log;
    for (std::size_t i = 0; i < DecisionLog::max_notes + 7; ++i)
        log.add("a", note(std::to_string(i)));
    const auto* told = log.find("a");
    REQUIRE(told);
    CHECK(told->notes.size() == DecisionLog::max_notes);
    CHECK(told->left_out == 7);
    CHECK(told->notes.front().text == "0");
    CHECK(told->notes[DecisionLog::first_notes].text ==
          std::to_string(DecisionLog::first_notes + 7));
    CHECK(told->notes.back().text == std::to_string(DecisionLog::max_notes + 6));
}

TEST_CASE("a part has its word", "[why]") {
    CHECK(to_word(Part::call) == "call");
    CHECK(to_word(Part::rule) == "rule");
    CHECK(to_word(Part::start) == "start");
    CHECK(to_word(Part::notification) == "notification");
}
