// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/rules/rules_file.hpp"
#include "tests/support/catch.hpp"

using namespace astcti::rules;

TEST_CASE("the installed file is right", "[rules]") {
    const auto result = read_rules_file(ASTCTI_SOURCE_DIR "/xml/rules.xml", Origin::administrator);
    REQUIRE(std::holds_alternative<RulesFile>(result));
    // Nothing runs before an administrator says so.
    for (const auto& rule : std::get<RulesFile>(result).rules)
        CHECK_FALSE(rule.enabled);
}

TEST_CASE("a file that is not there, or is a folder, is told", "[rules]") {
    for (const auto* path : {"/no/such/rules.xml", "/dev"}) {
        const auto result = read_rules_file(path, Origin::person);
        REQUIRE(std::holds_alternative<RulesError>(result));
        CHECK_THAT(std::get<RulesError>(result).mistakes.front(),
                   Catch::Matchers::StartsWith(path));
    }
}

TEST_CASE("of a file that is too long so much is read that it is noticed", "[rules]") {
    const auto text = read_rules_text("/dev/zero");
    REQUIRE(std::holds_alternative<std::string>(text));
    CHECK(std::get<std::string>(text).size() == max_rules_file + 1);
}
