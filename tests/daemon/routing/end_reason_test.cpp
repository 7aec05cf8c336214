// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/routing/end_reason.hpp"
#include "tests/support/catch.hpp"

#include <functional>
#include <string>
#include <vector>

using astcti::calls::Gone;
using astcti::calls::Leg;
using astcti::calls::LegState;
using astcti::protocol::EndReason;
using astcti::routing::end_reason;

namespace {

struct Row {
    std::string what;
    std::function<void(Leg&)> make;
    EndReason rang;     // if it was not answered
    EndReason answered; // if it was
};

EndReason reason(const Row& row, bool was_answered) {
    Leg leg;
    leg.cause = 16;
    row.make(leg);
    return end_reason(leg, was_answered);
}

void has_cause(Leg& leg, std::uint32_t cause) {
    leg.cause = cause;
}

} // namespace

TEST_CASE("why a call is over", "[routing]") {
    // What stands further up goes before what stands further down.
    const auto row = GENERATE(values<Row>({
        {"its PBX was away", [](Leg& leg) { leg.gone = Gone::lost; }, EndReason::failed,
         EndReason::failed},
        {"its PBX was away when it was transferred",
         [](Leg& leg) {
             leg.gone = Gone::lost;
             leg.transferred = true;
         },
         EndReason::failed, EndReason::failed},
        {"transferred", [](Leg& leg) { leg.transferred = true; }, EndReason::transferred,
         EndReason::transferred},
        {"forwarded", [](Leg& leg) { leg.forwarded = true; }, EndReason::transferred,
         EndReason::normal},
        {"hung up", [](Leg&) {}, EndReason::cancelled, EndReason::normal},
        {"elsewhere", [](Leg& leg) { leg.elsewhere = true; }, EndReason::answered_elsewhere,
         EndReason::normal},
        {"elsewhere, by a queue that says CANCEL",
         [](Leg& leg) {
             leg.elsewhere = true;
             leg.dial_status = "CANCEL";
         },
         EndReason::answered_elsewhere, EndReason::normal},
        {"elsewhere, as its cause says", [](Leg& leg) { has_cause(leg, 26); },
         EndReason::answered_elsewhere, EndReason::normal},
        {"rejected", [](Leg& leg) { has_cause(leg, 21); }, EndReason::rejected, EndReason::normal},
        {"rejected, which a dial calls busy",
         [](Leg& leg) {
             has_cause(leg, 21);
             leg.dial_status = "BUSY";
         },
         EndReason::rejected, EndReason::normal},
        {"busy", [](Leg& leg) { has_cause(leg, 17); }, EndReason::busy, EndReason::normal},
        {"not answered", [](Leg& leg) { has_cause(leg, 19); }, EndReason::no_answer,
         EndReason::normal},
        {"a cause that is no failure", [](Leg& leg) { has_cause(leg, 31); }, EndReason::cancelled,
         EndReason::normal},
        {"hung up without a cause", [](Leg& leg) { has_cause(leg, 0); }, EndReason::cancelled,
         EndReason::normal},
        {"gone from the list",
         [](Leg& leg) {
             has_cause(leg, 0);
             leg.gone = Gone::unlisted;
         },
         EndReason::failed, EndReason::normal},
        {"made to call, and hung up while it rang", [](Leg& leg) { leg.originated = true; },
         EndReason::no_answer, EndReason::normal},
        {"made to call, answered, and hung up before anybody was called",
         [](Leg& leg) {
             leg.originated = true;
             leg.state = LegState::up;
         },
         EndReason::cancelled, EndReason::normal},
        {"gone from the list after its dial had ended",
         [](Leg& leg) {
             leg.gone = Gone::unlisted;
             leg.dial_status = "NOANSWER";
         },
         EndReason::no_answer, EndReason::normal},
    }));
    CAPTURE(row.what);
    CHECK(reason(row, false) == row.rang);
    CHECK(reason(row, true) == row.answered);
}

TEST_CASE("how a dial ended tells why", "[routing]") {
    const auto [status, expected] = GENERATE(table<std::string, EndReason>({
        {"NOANSWER", EndReason::no_answer},
        {"BUSY", EndReason::busy},
        {"CANCEL", EndReason::cancelled},
        {"CONGESTION", EndReason::failed},
        {"CHANUNAVAIL", EndReason::failed},
        {"ANSWER", EndReason::cancelled},
        {"busy", EndReason::cancelled}, // no status of Asterisk's
    }));
    CAPTURE(status);
    Leg leg;
    leg.cause = 16;
    SECTION("the dial for it, if it was called") {
        leg.dial_status = status;
        leg.child_dial_status = "NOANSWER";
        CHECK(end_reason(leg, false) == expected);
    }
    SECTION("the dial that it made, if it called") {
        leg.places = true;
        leg.child_dial_status = status;
        leg.dial_status = "NOANSWER";
        CHECK(end_reason(leg, false) == expected);
    }
    SECTION("the dial for it, if it was made to call and never answered") {
        leg.originated = true;
        leg.dial_status = status;
        CHECK(end_reason(leg, false) == expected);
    }
    SECTION("the dial that it made, if it was made to call and had answered") {
        leg.originated = true;
        leg.state = LegState::up;
        leg.child_dial_status = status;
        leg.dial_status = "ANSWER";
        CHECK(end_reason(leg, false) == expected);
    }
}

TEST_CASE("causes that say that a number cannot be reached are failures", "[routing]") {
    const auto cause = GENERATE(1U, 3U, 20U, 27U, 34U, 38U, 41U, 42U, 44U, 58U, 66U);
    CAPTURE(cause);
    Leg leg;
    leg.cause = cause;
    CHECK(end_reason(leg, false) == EndReason::failed);
    CHECK(end_reason(leg, true) == EndReason::normal);
}
