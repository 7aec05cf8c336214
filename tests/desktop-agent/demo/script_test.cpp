// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/calls/call_list.hpp"
#include "desktop-agent/demo/script.hpp"
#include "tests/support/catch.hpp"

#include <set>

using namespace astcti;

namespace {

const protocol::Call& call_of(const demo::Step& step) {
    return std::get<protocol::CallEvent>(step.event.body).call;
}

} // namespace

TEST_CASE("every call of a round begins, ends, and is another one in the next round", "[demo]") {
    std::set<std::string> ids;
    for (const unsigned int round : {1U, 2U}) {
        std::set<std::string> running;
        for (const auto& step : demo::calls(round, 1'000'000)) {
            const auto& call = call_of(step);
            if (call.state != protocol::CallState::ended)
                running.insert(call.id);
            else
                CHECK(running.erase(call.id) == 1);
            ids.insert(call.id);
        }
        CHECK(running.empty());
    }
    CHECK(ids.size() == 10);
}

TEST_CASE("a round has what a person has", "[demo]") {
    std::set<std::string_view> states;
    std::set<std::string_view> reasons;
    bool internal = false;
    bool withheld = false;
    bool peer_changed = false;
    protocol::Microseconds last = 0;
    for (const auto& step : demo::calls(1, 1'000'000)) {
        const auto& call = call_of(step);
        states.insert(to_word(call.state));
        reasons.insert(to_word(call.end_reason));
        internal = internal || call.internal;
        withheld = withheld || call.withheld;
        peer_changed = peer_changed || std::get<protocol::CallEvent>(step.event.body).peer_changed;
        CHECK(step.event.time > last);
        last = step.event.time;
    }
    CHECK(states.size() == 6);
    CHECK(reasons == std::set<std::string_view>{"", "normal", "cancelled", "answered-elsewhere"});
    CHECK(internal);
    CHECK(withheld);
    CHECK(peer_changed);
}

TEST_CASE("an agent's list of calls is as the script says", "[demo]") {
    calls::CallList list;
    const calls::Time now{};
    for (const auto& event : demo::opening())
        CHECK(list.apply(event, now).empty());
    for (const auto& step : demo::calls(1, 1'000'000))
        CHECK(list.apply(step.event, now).size() == 1);
    CHECK(list.active() == 0);
}
