// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/event_reader.hpp"
#include "protocol/event_writer.hpp"
#include "protocol/rules_parts.hpp"
#include "tests/support/catch.hpp"

#include <optional>

using namespace astcti::protocol;

namespace {

using Assembly = RulesAssembly;

// Put together again; nothing if it is not whole.
std::optional<std::string> together(const std::vector<RulesPart>& parts) {
    Assembly assembly;
    for (const auto& part : parts) {
        auto added = assembly.add(part);
        if (auto* whole = std::get_if<Assembly::Whole>(&added))
            return std::move(whole->text);
        if (std::holds_alternative<Assembly::Wrong>(added))
            return std::nullopt;
    }
    return std::nullopt;
}

std::string why(Assembly& assembly, const RulesPart& part) {
    const auto added = assembly.add(part);
    const auto* wrong = std::get_if<Assembly::Wrong>(&added);
    return wrong ? wrong->why : std::holds_alternative<Assembly::More>(added) ? "more" : "whole";
}

} // namespace

TEST_CASE("a list of any size comes in parts of at most 8 KiB and is whole again", "[rules]") {
    for (const std::size_t size : {std::size_t{1}, max_rules_part - 1, max_rules_part,
                                   max_rules_part + 1, 2 * max_rules_part, max_rules_size}) {
        CAPTURE(size);
        const std::string text(size, 'x');
        const auto parts = rules_parts("1", text);
        CHECK(parts.size() == (size + max_rules_part - 1) / max_rules_part);
        for (const auto& part : parts)
            CHECK(part.text.size() <= max_rules_part);
        CHECK(together(parts) == text);
    }
}

TEST_CASE("no character is cut, and the longest part is a line of an event", "[rules]") {
    for (const std::string& unit : {std::string("\""), std::string("<>&'\"\n\t"),
                                    std::string("\u20ac"), std::string("\U0001F4DE")}) {
        CAPTURE(unit);
        std::string text;
        while (text.size() + unit.size() <= max_rules_size)
            text += unit;
        std::vector<RulesPart> read;
        for (const auto& part : rules_parts("abc", text)) {
            std::string line;
            append_event(line, {1, 2, part});
            CHECK(line.size() <= max_event_line);
            line.pop_back();
            CHECK(line.find('\n') == line.npos);
            const auto event = read_event(line);
            REQUIRE(std::holds_alternative<Event>(event));
            CHECK(std::get<RulesPart>(std::get<Event>(event).body) == part);
            read.push_back(part);
        }
        CHECK(together(read) == text);
    }
}

TEST_CASE("an event without list, size or offset is none", "[rules]") {
    const auto is_event = [](const std::string& attributes) {
        return std::holds_alternative<Event>(
            read_event("<Rules seq=\"1\" time=\"2\" " + attributes + ">x</Rules>"));
    };
    CHECK(is_event("list=\"a\" size=\"1\" offset=\"0\""));
    for (const std::string wrong :
         {"size=\"1\" offset=\"0\"", "list=\"a\" offset=\"0\"", "list=\"a\" size=\"1\"",
          "list=\"a&#10;ORIG 1|2|1\" size=\"1\" offset=\"0\"", "list=\"\" size=\"1\" offset=\"0\"",
          "list=\"a\" size=\"-1\" offset=\"0\"", "list=\"a\" size=\"1\" offset=\"x\""}) {
        CAPTURE(wrong);
        CHECK_FALSE(is_event(wrong));
    }
}

TEST_CASE("an id has up to 64 harmless characters", "[rules]") {
    CHECK(is_rules_list("aZ0._-"));
    CHECK(is_rules_list(std::string(64, 'a')));
    CHECK_FALSE(is_rules_list(std::string(65, 'a')));
    CHECK_FALSE(is_rules_list(""));
    CHECK_FALSE(is_rules_list("a b"));
    CHECK_FALSE(is_rules_list("a\n"));
}

TEST_CASE("parts that do not belong together are told once", "[rules]") {
    const RulesPart first{"a", 4, 0, "12"};
    const auto wrong =
        GENERATE(RulesPart{"b", 4, 2, "34"}, RulesPart{"a", 5, 2, "34"}, RulesPart{"a", 4, 1, "34"},
                 RulesPart{"a", 4, 3, "34"}, RulesPart{"a", 4, 2, "345"}, RulesPart{"a", 4, 2, ""});
    Assembly assembly;
    CHECK(why(assembly, first) == "more");
    CHECK(why(assembly, wrong) == "in parts that do not belong together");
    CHECK(why(assembly, {"a", 4, 2, "34"}) == "more");
    // The next one begins anew.
    CHECK(why(assembly, first) == "more");
    CHECK(why(assembly, {"a", 4, 2, "34"}) == "whole");
    CHECK(why(assembly, {"a", 4, 4, "5"}) == "more");
}

TEST_CASE("a list that begins in the middle, or is empty, is wrong", "[rules]") {
    Assembly assembly;
    CHECK(why(assembly, {"a", 4, 2, "34"}) == "in parts that do not belong together");
    CHECK(why(assembly, {"a", 0, 0, ""}) == "in parts that do not belong together");
}

TEST_CASE("of a list that is too long nothing is kept", "[rules]") {
    Assembly assembly;
    CHECK(why(assembly, {"a", max_rules_size + 1, 0, "x"}) == "longer than 32 KiB");
    CHECK(why(assembly, {"a", max_rules_size + 1, 1, "x"}) == "more");
    CHECK(why(assembly, {"a", max_rules_size, 0, "x"}) == "more");
    CHECK(why(assembly, {"a", max_rules_size, 1, std::string(max_rules_size, 'x')}) ==
          "in parts that do not belong together");
}
