// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/event.hpp"
#include "protocol/rules/rules_reader.hpp"
#include "tests/support/catch.hpp"

using namespace astcti::rules;

namespace {

constexpr const char* head = "<rules xmlns=\"urn:astcti:rules:1\">\n";

std::string file_of(const std::string& rules) {
    return head + rules + "\n</rules>\n";
}

const std::string action = "<open url=\"http://h/\"/>";

// The messages for a text, which must be wrong.
std::vector<std::string> mistakes_of(const std::string& text,
                                     Origin origin = Origin::administrator) {
    const auto result = read_rules(text, "rules.xml", origin);
    const auto* error = std::get_if<RulesError>(&result);
    return error ? error->mistakes : std::vector<std::string>{"(no error)"};
}

std::string error_of(const std::string& text) {
    return mistakes_of(text).front();
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
                                   "rules.xml", Origin::person);
    REQUIRE(std::holds_alternative<RulesFile>(result));
    CHECK_FALSE(std::get<RulesFile>(result).numbers);
    const auto& rules = std::get<RulesFile>(result).rules;
    REQUIRE(rules.size() == 2);
    CHECK(rules[0].name == "Demo & page");
    CHECK(rules[0].conditions.context == "astctidemo");
    CHECK(rules[0].enabled);
    CHECK(rules[0].origin == Origin::person);
    CHECK(rules[0].moment == Moment::answered);
    CHECK(rules[0].conditions.direction == astcti::protocol::Direction::inbound);
    CHECK_FALSE(rules[0].catch_all);
    CHECK(std::get<UrlTemplate>(rules[0].action).pieces.size() == 4);

    CHECK(rules[1].catch_all);
    CHECK_FALSE(rules[1].enabled);
    CHECK_FALSE(rules[1].conditions.context);
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
        return std::get<RulesFile>(read_rules(file_of(text), "rules.xml", Origin::person));
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
    CHECK(std::get<RulesFile>(read_rules(file_of(""), "rules.xml", Origin::person)).rules.empty());
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
        {rule(good + " when=\"held\"", action), "rules.xml:2: ", "'held'",
         "{'ringing', 'answered'"},
        {rule(good + " direction=\"in\"", action), "rules.xml:2: ", "'in'", "mend the value"},
        {rule(good + " number=\"\"", action), "rules.xml:2: ", "'number'", "mend the value"},
        {rule(good, action + "<variable name=\"a\"/>"), "rules.xml:3: ", "'variable'",
         "mend the element"},
        {rule(good, "<variable name=\"a b\"/>" + action), "rules.xml:3: ", "'a b'",
         "mend the value"},
        {file_of("<server-rules/>"), "rules.xml:2: ", "'server-rules'", "mend the element"},
        {file_of("<server-rules><host name=\"https://h/\"/></server-rules>"),
         "rules.xml:2: ", "'https://h/'", "mend the value"},
        {rule("name=\"a\"", action), "rules.xml:2: ", "for which calls", "catch-all=\"yes\""},
        {rule(good, "<open/>"), "rules.xml:3: ", "'url' is required", "add it"},
        {rule(good, "<open url=\"file:///x\"/>"), "rules.xml:3: ", "http://", "must begin"},
        {rule(good, "<open url=\"http://{CALLERID}/\"/>"), "rules.xml:3: ", "host",
         "can be in the path"},
        {rule(good, "<open url=\"http://h/{CALLER}\"/>"), "rules.xml:3: ", "{CALLER}",
         "write {CALLE"},
        {rule(good, "<run program=\"crm\"/>"), "rules.xml:3: ", "'crm'", "mend the value"},
        {rule(good, "<run program=\"/crm\">\n<argument>{CONTEX}</argument></run>"),
         "rules.xml:4: ", "{CONTEX}", "write {CONTEXT}"},
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

TEST_CASE("a text that is too long is told", "[rules]") {
    const auto filled = [](std::size_t size) {
        const auto text = file_of("");
        return text + std::string(size - text.size(), ' ');
    };
    CHECK(error_of(filled(max_rules_file)) == "(no error)");
    CHECK(error_of(filled(max_rules_file + 1)) ==
          "rules.xml:1: the text is longer than 1 MiB; make it shorter");
    constexpr auto most = astcti::protocol::max_rules_size;
    CHECK(mistakes_of(filled(most), Origin::server).front() == "(no error)");
    CHECK(mistakes_of(filled(most + 1), Origin::server).front() ==
          "rules.xml:1: the text is longer than 32 KiB; make it shorter");
}

TEST_CASE("a rule's conditions are read", "[rules]") {
    const auto result = read_rules(file_of(R"(
<rule name="a" queue="support" called="1??" number="+39*" direction="any" internal="no" when="ringing">
  <variable name="priority" value="high"/><variable name="id"/>
  <open url="https://h/?p={priority}"/>
</rule>
<rule name="b" direction="outbound" when="ended"><run program="/bin/true"/></rule>
<rule name="c" internal="yes" when="peer-changed"><run program="/bin/true"/></rule>)"),
                                   "rules.xml", Origin::person);
    REQUIRE(std::holds_alternative<RulesFile>(result));
    const auto& rules = std::get<RulesFile>(result).rules;
    REQUIRE(rules.size() == 3);
    const auto& first = rules[0].conditions;
    CHECK_FALSE(first.context);
    CHECK(first.queue == "support");
    CHECK(first.called == "1??");
    CHECK(first.number == "+39*");
    CHECK_FALSE(first.direction);
    CHECK(first.internal == false);
    REQUIRE(first.variables.size() == 2);
    CHECK(first.variables[0].value == "high");
    CHECK_FALSE(first.variables[1].value);
    CHECK(rules[0].moment == Moment::ringing);
    CHECK(rules[1].conditions.direction == astcti::protocol::Direction::outbound);
    CHECK(rules[1].moment == Moment::ended);
    CHECK(rules[2].conditions.internal == true);
    CHECK(rules[2].moment == Moment::peer_changed);
}

TEST_CASE("every mistake of a file is told, each once, in the order of the lines", "[rules]") {
    const auto mistakes = mistakes_of(file_of("<rule name='a' context='c' enabled='true' when='x'>"
                                              "<open url='ftp://h/'/></rule>\n"
                                              "<rule name='b'>\n<open url='ftp://h/'/></rule>\n"
                                              "<rule name='c' colour='red'>" +
                                              action + "</rule>"));
    CAPTURE(mistakes);
    REQUIRE(mistakes.size() == 5);
    CHECK_THAT(mistakes[0], Catch::Matchers::Contains(":2: ") && Catch::Matchers::Contains("true"));
    CHECK_THAT(mistakes[1], Catch::Matchers::Contains(":2: ") && Catch::Matchers::Contains("'x'"));
    CHECK_THAT(mistakes[2], Catch::Matchers::Contains(":3: rule \"b\" does not say"));
    CHECK_THAT(mistakes[3], Catch::Matchers::Contains(":4: the URL must begin"));
    CHECK_THAT(mistakes[4],
               Catch::Matchers::Contains(":5: ") && Catch::Matchers::Contains("colour"));
}

TEST_CASE("so many mistakes are told, then how many more there are", "[rules]") {
    std::string rules;
    for (std::size_t i = 0; i < max_mistakes + 3; ++i)
        rules += "<rule name='a'>" + action + "</rule>\n";
    const auto mistakes = mistakes_of(file_of(rules));
    REQUIRE(mistakes.size() == max_mistakes + 1);
    CHECK(mistakes.back() == "rules.xml: and 3 more; mend these first");
}

TEST_CASE("what only the administrator may say is a mistake in a person's file", "[rules]") {
    const std::string text = "<rules xmlns='urn:astcti:rules:1' user-rules='no'>\n"
                             "<server-rules><host name='CRM.example.org'/></server-rules></rules>";
    const auto theirs = read_rules(text, "rules.xml", Origin::administrator);
    REQUIRE(std::holds_alternative<RulesFile>(theirs));
    CHECK_FALSE(std::get<RulesFile>(theirs).person_may);
    CHECK(std::get<RulesFile>(theirs).server_hosts == std::vector<std::string>{"CRM.example.org"});
    const auto mistakes = mistakes_of(text, Origin::person);
    REQUIRE(mistakes.size() == 2);
    CHECK_THAT(mistakes[0], Catch::Matchers::StartsWith("rules.xml:1: user-rules= may stand in"));
    CHECK_THAT(mistakes[1], Catch::Matchers::StartsWith("rules.xml:2: <server-rules> may stand"));
}

TEST_CASE("rules of the server open pages by https and do nothing else", "[rules]") {
    const auto rule = [](const std::string& what) {
        return file_of("<rule name=\"a\" context=\"c\">" + what + "</rule>");
    };
    const auto result = read_rules(rule("<open url=\"https://crm.example.org/?n={CALLERID}\"/>"),
                                   "s", Origin::server);
    REQUIRE(std::holds_alternative<RulesFile>(result));
    CHECK(std::get<RulesFile>(result).rules.at(0).origin == Origin::server);
    struct Row {
        std::string text;
        std::string what;
    };
    const std::vector<Row> rows{
        {rule("<open url=\"http://crm.example.org/\"/>"),
         "rules.xml:2: rule \"a\" opens a page that is not https"},
        {rule("<open url=\"https://crm.example.org@evil/\"/>"), "user name"},
        {rule("<run program=\"/bin/true\"/>"), "rules.xml:2: rule \"a\" starts a program"},
        {"<rules xmlns='urn:astcti:rules:1' user-rules='no'/>", "administrator's file only"},
        {file_of("<server-rules><host name='evil'/></server-rules>"), "administrator's file only"},
        {file_of("<numbers country-code='39'/>"), "which rewrites numbers itself"},
        {file_of("<!-- \xE9 -->"), "not UTF-8"},
        {"rubbish", "mend the XML"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        const auto mistakes = mistakes_of(row.text, Origin::server);
        CHECK(mistakes.size() == 1);
        CHECK_THAT(mistakes.front(), Catch::Matchers::Contains(row.what));
    }
}
