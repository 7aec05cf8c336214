// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/rules/decide.hpp"
#include "desktop-agent/rules/rule_set.hpp"
#include "tests/support/catch.hpp"

using namespace astcti;
using namespace astcti::rules;

namespace {

Rule rule(std::string name, Origin origin, bool catch_all = false) {
    Rule one;
    one.name = std::move(name);
    one.origin = origin;
    one.catch_all = catch_all;
    if (!catch_all)
        one.conditions.context = "demo";
    one.action = RunProgram{"/bin/true", {}};
    return one;
}

RulesFile file(const std::string& country, Rules rules) {
    RulesFile one;
    if (!country.empty()) {
        one.numbers.emplace();
        one.numbers->country_code = country;
    }
    one.rules = std::move(rules);
    return one;
}

std::string names(const RuleSet& set) {
    std::string out;
    for (const auto& one : set.rules)
        out += one.name + " ";
    return out;
}

} // namespace

TEST_CASE("the person's rules come first, then the administrator's, then the server's", "[rules]") {
    const auto set = merge(file("39", {rule("a1", Origin::administrator)}),
                           file("", {rule("p1", Origin::person), rule("p2", Origin::person)}),
                           {rule("s1", Origin::server)});
    CHECK(names(set) == "p1 p2 a1 s1 ");
    CHECK(set.numbers.country_code == "39");
}

TEST_CASE("a catch-all of the person's comes after every other rule", "[rules]") {
    const auto set = merge(file("", {rule("admin", Origin::administrator)}),
                           file("", {rule("mine", Origin::person, true)}), {});
    protocol::Call call;
    call.context = "demo";
    const auto of_context = decide(set.rules, Moment::answered, call);
    REQUIRE(of_context.rule);
    CHECK(of_context.rule->name == "admin");
    call.context = "other";
    const auto of_another = decide(set.rules, Moment::answered, call);
    REQUIRE(of_another.rule);
    CHECK(of_another.rule->name == "mine");
}

TEST_CASE("the person's numbers take the place of the administrator's", "[rules]") {
    CHECK(merge(file("39", {}), file("49", {}), {}).numbers.country_code == "49");
}

TEST_CASE("where the administrator says so nothing of the person's counts", "[rules]") {
    auto administrators = file("39", {rule("admin", Origin::administrator)});
    administrators.person_may = false;
    const auto set = merge(administrators, file("49", {rule("mine", Origin::person)}), {});
    CHECK(names(set) == "admin ");
    CHECK(set.numbers.country_code == "39");
}
