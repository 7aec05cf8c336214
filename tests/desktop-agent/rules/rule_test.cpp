// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/rules/rule.hpp"
#include "tests/support/catch.hpp"

using namespace astcti;
using namespace astcti::rules;

namespace {

Rule rule(std::string name, std::optional<std::string> context, bool catch_all = false,
          bool enabled = true) {
    return {std::move(name), std::move(context), catch_all, enabled, RunProgram{"/bin/true", {}}};
}

std::string found(const Rules& rules, std::string_view context) {
    const auto* rule = find_rule(rules, context);
    return rule ? rule->name : "none";
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
    // A rule without a context is not the rule of the empty one.
    CHECK(found({rule("sales", "sales")}, "") == "none");
}

TEST_CASE("what is to be started has the call's values in it", "[rules]") {
    protocol::Call call;
    call.peer_number = "202";
    auto run = rule("run", "demo");
    run.action = RunProgram{"/bin/crm", {std::get<Argument>(read_argument("{CALLERID}", false))}};
    CHECK(std::get<Run>(start_for(run, call)).words == std::vector<std::string>{"/bin/crm", "202"});

    auto open = rule("open", "demo");
    open.action = std::get<UrlTemplate>(read_url("http://crm/?n={CALLERID}"));
    CHECK(std::get<OpenUrl>(start_for(open, call)).url == "http://crm/?n=202");

    call.peer_number = "-x";
    CHECK(std::holds_alternative<Refused>(start_for(run, call)));
}
