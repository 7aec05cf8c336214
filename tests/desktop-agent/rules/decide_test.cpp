// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/rules/decide.hpp"
#include "tests/support/catch.hpp"

#include <functional>

using namespace astcti;
using namespace astcti::rules;

namespace {

Rule rule(std::string name, std::optional<std::string> context, bool catch_all = false,
          bool enabled = true) {
    Rule one;
    one.name = std::move(name);
    one.conditions.context = std::move(context);
    one.catch_all = catch_all;
    one.enabled = enabled;
    one.action = RunProgram{"/bin/true", {}};
    return one;
}

protocol::Call call_of(std::string_view context) {
    protocol::Call call;
    call.state = protocol::CallState::answered;
    call.context = context;
    call.queue = "support";
    call.called_number = "100";
    call.peer_number = "+39061234567";
    call.variables = {{"priority", "high"}};
    call.calldata = "12345";
    return call;
}

std::string found(const Rules& rules, std::string_view context, Moment moment = Moment::answered) {
    const auto decision = decide(rules, moment, call_of(context));
    return decision.rule ? decision.rule->name : "none";
}

} // namespace

TEST_CASE("the first enabled rule of the context comes before any catch-all", "[rules]") {
    const Rules rules{rule("any", std::nullopt, true), rule("off", "demo", false, false),
                      rule("first", "demo"), rule("second", "demo")};
    CHECK(found(rules, "demo") == "first");
    CHECK(found(rules, "other") == "any");
    CHECK(found(rules, "") == "any");
    CHECK(found(rules, "DEMO") == "any");
}

TEST_CASE("a catch-all with a context is both", "[rules]") {
    const Rules rules{rule("sales", "sales"), rule("both", "demo", true)};
    CHECK(found(rules, "demo") == "both");
    CHECK(found(rules, "other") == "both");
    CHECK(found(rules, "sales") == "sales");
}

TEST_CASE("no rule matches what none is for", "[rules]") {
    CHECK(found({}, "demo") == "none");
    CHECK(found({rule("demo", "demo")}, "other") == "none");
    CHECK(found({rule("off", std::nullopt, true, false)}, "other") == "none");
}

TEST_CASE("every condition that is given has to fit, and says so if it does not", "[rules]") {
    struct Row {
        const char* what;
        std::function<void(Conditions&)> fits;
        std::function<void(Conditions&)> fails;
        std::string why;
    };
    using protocol::Direction;
    const std::vector<Row> rows{
        {"context", [](Conditions& c) { c.context = "demo"; },
         [](Conditions& c) { c.context = "sales"; }, "the context is \"demo\", not \"sales\""},
        {"queue", [](Conditions& c) { c.queue = "support"; },
         [](Conditions& c) { c.queue = "sales"; }, "the queue is \"support\", not \"sales\""},
        {"called", [](Conditions& c) { c.called = "1??"; }, [](Conditions& c) { c.called = "2??"; },
         "the called number is \"100\", not \"2??\""},
        {"number", [](Conditions& c) { c.number = "+39*"; },
         [](Conditions& c) { c.number = "+49*"; }, "the number is \"+39061234567\", not \"+49*\""},
        {"internal", [](Conditions& c) { c.internal = false; },
         [](Conditions& c) { c.internal = true; }, "the call is external"},
        {"direction", [](Conditions& c) { c.direction = std::nullopt; },
         [](Conditions& c) { c.direction = Direction::outbound; }, "the call is inbound"},
        {"variable",
         [](Conditions& c) {
             c.variables = {{"priority", "high"}};
         },
         [](Conditions& c) {
             c.variables = {{"priority", "low"}};
         },
         "the variable priority has another value"},
        {"any value",
         [](Conditions& c) {
             c.variables = {{"priority", std::nullopt}};
         },
         [](Conditions& c) {
             c.variables = {{"Priority", std::nullopt}};
         },
         "the call has no variable Priority"},
        {"calldata",
         [](Conditions& c) {
             c.variables = {{"calldata", "12345"}};
         },
         [](Conditions& c) {
             c.variables = {{"calldata", "1"}};
         },
         "the variable calldata has another value"},
        {"two", [](Conditions& c) { c.queue = "support", c.number = "*"; },
         [](Conditions& c) { c.queue = "support", c.number = "1"; },
         "the number is \"+39061234567\", not \"1\""},
    };
    for (const auto& row : rows) {
        CAPTURE(row.what);
        auto good = rule("good", std::nullopt);
        row.fits(good.conditions);
        CHECK(found({good}, "demo") == "good");
        auto bad = rule("bad", std::nullopt);
        row.fails(bad.conditions);
        const Rules rules{bad};
        const auto decision = decide(rules, Moment::answered, call_of("demo"));
        CHECK_FALSE(decision.rule);
        REQUIRE(decision.tried.size() == 1);
        CHECK(decision.tried[0].why == row.why);
    }
}

TEST_CASE("a rule without a direction is for calls that came in", "[rules]") {
    auto call = call_of("demo");
    call.direction = protocol::Direction::outbound;
    const Rules rules{rule("in", "demo")};
    CHECK_FALSE(decide(rules, Moment::answered, call).rule);
}

TEST_CASE("a catch-all keeps its other conditions", "[rules]") {
    auto any = rule("any", "sales", true);
    any.conditions.queue = "billing";
    CHECK(found({any}, "demo") == "none");
    any.conditions.queue = "support";
    CHECK(found({any}, "demo") == "any");
}

TEST_CASE("a rule runs at its moment", "[rules]") {
    for (const auto moment :
         {Moment::ringing, Moment::answered, Moment::peer_changed, Moment::ended}) {
        auto one = rule("one", "demo");
        one.moment = moment;
        for (const auto now :
             {Moment::ringing, Moment::answered, Moment::peer_changed, Moment::ended}) {
            // Who is talked with now is another call to the rules for answered ones.
            const bool runs =
                now == moment || (now == Moment::peer_changed && moment == Moment::answered);
            CAPTURE(to_word(moment), to_word(now));
            CHECK(found({one}, "demo", now) == (runs ? "one" : "none"));
        }
    }
}

TEST_CASE("a rule for the change of the party comes before those for answered calls", "[rules]") {
    auto changed = rule("changed", std::nullopt, true);
    changed.moment = Moment::peer_changed;
    CHECK(found({rule("answered", "demo"), changed}, "demo", Moment::peer_changed) == "changed");
    CHECK(found({rule("answered", "demo"), changed}, "demo") == "answered");
}

TEST_CASE("it is told of every rule what became of it", "[rules]") {
    auto rings = rule("rings", "demo");
    rings.moment = Moment::ringing;
    const Rules rules{rule("off", "demo", false, false),
                      rings,
                      rule("other", "sales"),
                      rule("this", "demo"),
                      rule("late", "demo"),
                      rule("any", std::nullopt, true)};
    const auto decision = decide(rules, Moment::answered, call_of("demo"));
    REQUIRE(decision.tried.size() == rules.size());
    CHECK(decision.tried[0].why == "it is switched off");
    CHECK(decision.tried[1].why == "it is for the moment ringing");
    CHECK(decision.tried[2].why == "the context is \"demo\", not \"sales\"");
    CHECK(decision.tried[3].matched);
    CHECK(decision.tried[3].why.empty());
    CHECK(decision.tried[4].why == "another rule comes first");
    CHECK(decision.tried[5].why == "another rule comes first");
    CHECK(decision.rule == &rules[3]);
}

TEST_CASE("a rule that is not allowed never runs and says why", "[rules]") {
    Rules rules{rule("evil", "demo"), rule("evil any", std::nullopt, true), rule("good", "demo")};
    rules[0].not_allowed = rules[1].not_allowed = "it may not";
    for (const auto moment : {Moment::answered, Moment::peer_changed}) {
        const auto decision = decide(rules, moment, call_of("demo"));
        REQUIRE(decision.rule);
        CHECK(decision.rule->name == "good");
        CHECK(decision.tried[0].why == "it may not");
        CHECK(decision.tried[1].why == "it may not");
    }
    CHECK(found(rules, "other") == "none");
}
