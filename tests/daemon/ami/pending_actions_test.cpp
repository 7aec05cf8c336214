// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ami/pending_actions.hpp"
#include "tests/support/catch.hpp"

using namespace astcti::ami;
using namespace std::chrono_literals;
using Kind = PendingActions::Kind;

namespace {

ActionValue value(std::string_view text) {
    return *ActionValue::from(text);
}

Originate call_to(std::string_view number) {
    return {value("SIP/201"), value("c"), value(number), value("201"), value("astcti-1.1")};
}

} // namespace

TEST_CASE("a response belongs to the action of its id, once", "[ami]") {
    PendingActions pending;
    pending.sent(value("a-1"), Kind::ping, 10s);
    pending.sent(value("a-2"), Kind::list, 10s);
    const auto answered = pending.answered("a-2");
    REQUIRE(answered);
    CHECK(answered->kind == Kind::list);
    CHECK_FALSE(pending.answered("a-2"));
    CHECK_FALSE(pending.answered("a-3"));
    CHECK_FALSE(pending.answered(""));
    CHECK(pending.answered("a-1"));
}

TEST_CASE("what is not answered in time is told once", "[ami]") {
    PendingActions pending;
    CHECK(pending.next_deadline() == Time::max());
    pending.sent(value("a-1"), Kind::ping, 12s);
    pending.sent(value("a-2"), Kind::list, 11s);
    CHECK(pending.next_deadline() == Time(11s));
    CHECK_FALSE(pending.expired(11s - 1us));
    const auto expired = pending.expired(11s);
    REQUIRE(expired);
    CHECK(expired->kind == Kind::list);
    CHECK_FALSE(pending.expired(11s));
    CHECK_FALSE(pending.answered("a-2"));
    CHECK(pending.next_deadline() == Time(12s));
}

TEST_CASE("a lost connection gives back the calls that were being placed", "[ami]") {
    PendingActions pending;
    pending.sent(value("a-1"), Kind::ping, 12s);
    REQUIRE(pending.sent(value("a-2"), call_to("203"), 11s));
    REQUIRE(pending.sent(value("a-3"), call_to("204"), 11s));
    REQUIRE(pending.answered("a-2"));
    const auto left = pending.take_originates();
    REQUIRE(left.size() == 1);
    CHECK(left[0].number.text() == "204");
    CHECK(pending.take_originates().empty());
    CHECK(pending.answered("a-1"));
}

TEST_CASE("there are never more calls than the limit", "[ami]") {
    PendingActions pending;
    for (std::size_t i = 0; i < PendingActions::max_originates; ++i)
        REQUIRE(pending.sent(value("a-" + std::to_string(i)), call_to("203"), 10s));
    CHECK_FALSE(pending.sent(value("b"), call_to("203"), 10s));
    REQUIRE(pending.answered("a-0"));
    CHECK(pending.sent(value("b"), call_to("203"), 10s));
}
