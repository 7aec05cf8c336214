// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/rules/rules_reader.hpp"
#include "tests/support/catch.hpp"

using namespace astcti::rules;

namespace {

constexpr const char* head = "<rules xmlns=\"urn:astcti:rules:1\">\n";

std::string file_of(const std::string& rules) {
    return head + rules + "\n</rules>\n";
}

const std::string action = "<open url=\"http://h/\"/>";

// The message for a text, which must be wrong.
std::string error_of(const std::string& text) {
    const auto result = read_rules(text, "rules.xml");
    const auto* error = std::get_if<RulesError>(&result);
    return error ? error->text : "(no error)";
}

} // namespace

TEST_CASE("rules are read with all that they say", "[rules]") {
    const auto result = read_rules(file_of(R"(
<rule name="Demo &amp; page" context="astctidemo" when="answered">
  <open url="http://127.0.0.1/?a={CALLERID}&amp;b={CALLDATA}"/>
</rule>
<!-- between -->
<rule name="CRM" catch-all="yes" enabled="no">
  <run program="/usr/bin/crm"><argument>--caller</argument><argument> {CALLERID} </argument>
    <argument allow-dash="yes"><![CDATA[{CALLERNAME}]]></argument><argument/></run>
</rule>)"),
                                   "rules.xml");
    REQUIRE(std::holds_alternative<RulesFile>(result));
    CHECK_FALSE(std::get<RulesFile>(result).numbers.configured());
    const auto& rules = std::get<RulesFile>(result).rules;
    REQUIRE(rules.size() == 2);
    CHECK(rules[0].name == "Demo & page");
    CHECK(rules[0].context == "astctidemo");
    CHECK(rules[0].enabled);
    CHECK_FALSE(rules[0].catch_all);
    CHECK(std::get<UrlTemplate>(rules[0].action).pieces.size() == 4);

    CHECK(rules[1].catch_all);
    CHECK_FALSE(rules[1].enabled);
    CHECK_FALSE(rules[1].context);
    const auto& run = std::get<RunProgram>(rules[1].action);
    CHECK(run.program == "/usr/bin/crm");
    REQUIRE(run.arguments.size() == 4);
    CHECK(run.arguments[1].pieces == Pieces{" ", Placeholder::caller_id, " "});
    CHECK(run.arguments[2].allow_dash);
    CHECK(run.arguments[2].pieces == Pieces{Placeholder::caller_name});
    CHECK(run.arguments[3].pieces.empty());
}

TEST_CASE("how numbers are written is read, with its defaults", "[rules]") {
    const auto read = [](const std::string& text) {
        return std::get<RulesFile>(read_rules(file_of(text), "rules.xml"));
    };
    const auto all = read("<numbers country-code='39' international-prefix='011' trunk-prefix=''\n"
                          " keep-trunk-prefix='yes' outside-line='9' shortest='7'\n"
                          " longest-plain='10'><!-- of Italy -->\n<withheld word='riservato'/>"
                          "</numbers><rule name='a' context='c'>" +
                          action + "</rule>");
    CHECK(all.numbers ==
          astcti::protocol::NumberRules{"39", "011", "", true, "9", 7, 10, {"riservato"}});
    CHECK(all.rules.size() == 1);
    CHECK(read("<numbers country-code='49'/>").numbers ==
          astcti::protocol::NumberRules{"49", "00", "0", false, "", 6, 0, {}});
}

TEST_CASE("a file without rules is a file", "[rules]") {
    CHECK(std::get<RulesFile>(read_rules(file_of(""), "rules.xml")).rules.empty());
}

TEST_CASE("the installed file is right", "[rules]") {
    const auto result = read_rules_file(ASTCTI_SOURCE_DIR "/xml/rules.xml");
    REQUIRE(std::holds_alternative<RulesFile>(result));
    // Nothing runs before an administrator says so.
    for (const auto& rule : std::get<RulesFile>(result).rules)
        CHECK_FALSE(rule.enabled);
}

TEST_CASE("what is wrong is told with its line and what to do", "[rules]") {
    struct Row {
        std::string text;
        std::string where; // the message's beginning
        std::string what;  // a part of it
        std::string advice;
    };
    const auto rule = [](const std::string& attributes, const std::string& content) {
        return file_of("<rule " + attributes + ">\n" + content + "</rule>");
    };
    const std::string good = "name=\"a\" context=\"c\"";
    const std::vector<Row> rows{
        {"", "rules.xml:", "", "mend"},
        {"rubbish", "rules.xml:1: ", "", "mend the XML"},
        {file_of("<rule"), "rules.xml:3: ", "", "mend the XML"},
        {"<rules/>", "rules.xml:1: ", "rules", "xmlns=\"urn:astcti:rules:1\""},
        {"<config xmlns=\"urn:astcti:rules:1\"/>", "rules.xml:1: ", "config",
         "must begin with <rules"},
        {file_of("<rul/>"), "rules.xml:2: ", "'rul'", "mend the element"},
        {file_of("<rule " + good + "/>"), "rules.xml:2: ", "open, run", "mend the element"},
        {rule(good, action + "\n" + action), "rules.xml:4: ", "'open'", "mend the element"},
        {rule(good, "<shell>reboot</shell>"), "rules.xml:3: ", "'shell'", "mend the element"},
        {rule("context=\"c\"", action), "rules.xml:2: ", "'name' is required", "add it"},
        {rule("name=\"\" context=\"c\"", action), "rules.xml:2: ", "'name'", "mend the value"},
        {rule(good + " colour=\"red\"", action), "rules.xml:2: ", "'colour'", "remove it"},
        {rule(good + " enabled=\"true\"", action), "rules.xml:2: ", "'true'", "{'yes', 'no'}"},
        {rule(good + " when=\"ringing\"", action), "rules.xml:2: ", "'ringing'", "{'answered'}"},
        {rule("name=\"a\"", action), "rules.xml:2: ", "can never run", "catch-all=\"yes\""},
        {rule(good, "<open/>"), "rules.xml:3: ", "'url' is required", "add it"},
        {rule(good, "<open url=\"file:///x\"/>"), "rules.xml:3: ", "http://", "must begin"},
        {rule(good, "<open url=\"http://{CALLERID}/\"/>"), "rules.xml:3: ", "host",
         "can be in the path"},
        {rule(good, "<open url=\"http://h/{CALLER}\"/>"), "rules.xml:3: ", "{CALLER}",
         "there are {CALLERID}"},
        {rule(good, "<run program=\"crm\"/>"), "rules.xml:3: ", "'crm'", "mend the value"},
        {rule(good, "<run program=\"/crm\">\n<argument>{X}</argument></run>"),
         "rules.xml:4: ", "{X}", "there are"},
        {file_of("<numbers/>"), "rules.xml:2: ", "'country-code' is required", "add it"},
        {file_of("<numbers country-code=\"039\"/>"), "rules.xml:2: ", "'039'", "mend the value"},
        {file_of("<numbers country-code=\"39\" shortest=\"16\"/>"), "rules.xml:2: ", "'16'",
         "mend the value"},
        {file_of("<numbers country-code=\"39\"\n keep-trunk-prefix=\"true\"/>"),
         "rules.xml:3: ", "'true'", "{'yes', 'no'}"},
        {file_of("<numbers country-code=\"39\">\n<withheld>a</withheld></numbers>"),
         "rules.xml:3: ", "'word' is required", "add it"},
        {file_of("<numbers country-code=\"39\"/>\n<numbers country-code=\"39\"/>"),
         "rules.xml:3: ", "'numbers'", "mend the element"},
        {file_of("<numbers country-code=\"39\" international-prefix=\"0\"/>"),
         "rules.xml:2: ", "begins with the international-prefix, 0", "write what is dialled"},
        {rule(good, "<run program=\"/crm\"><argument>a<b/></argument></run>"),
         "rules.xml:3: ", "'argument'", "mend"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        const auto error = error_of(row.text);
        CHECK_THAT(error, Catch::Matchers::StartsWith(row.where));
        CHECK_THAT(error, Catch::Matchers::Contains(row.what));
        CHECK_THAT(error, Catch::Matchers::Contains(row.advice));
        CHECK_THAT(error, !Catch::Matchers::Contains("{urn:"));
        CHECK(error.find('\n') == std::string::npos);
    }
}

TEST_CASE("a document type is refused before anything in it is read", "[rules]") {
    for (const std::string subset :
         {"", " SYSTEM \"/etc/passwd\"", " [<!ENTITY a SYSTEM \"file:///etc/passwd\">]",
          " [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]"}) {
        CAPTURE(subset);
        CHECK_THAT(error_of("<!DOCTYPE rules" + subset + ">\n" + file_of("")),
                   Catch::Matchers::Contains("document type"));
    }
}

TEST_CASE("an entity that nobody declared is an error", "[rules]") {
    CHECK(error_of(file_of("<rule name=\"&a;\" context=\"c\">" + action + "</rule>")) !=
          "(no error)");
}

TEST_CASE("a file that is too long, not there, or a folder is told", "[rules]") {
    CHECK_THAT(error_of(std::string(max_rules_file + 1, ' ')), Catch::Matchers::Contains("longer"));
    for (const auto* path : {"/no/such/rules.xml", "/dev"}) {
        const auto result = read_rules_file(path);
        REQUIRE(std::holds_alternative<RulesError>(result));
        CHECK_THAT(std::get<RulesError>(result).text, Catch::Matchers::StartsWith(path));
    }
}
