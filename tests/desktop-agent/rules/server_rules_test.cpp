// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/rules/server_rules.hpp"
#include "tests/support/catch.hpp"

using namespace astcti;
using rules::ServerRules;

namespace {

const std::vector<std::string> hosts{"crm.example.org"};

std::string list_of(const std::string& rules) {
    return "<rules xmlns=\"urn:astcti:rules:1\">\n" + rules + "</rules>";
}

std::string rule(const std::string& host) {
    return "<rule name=\"a\" context=\"c\"><open url=\"https://" + host + "/\"/></rule>\n";
}

// Whether the last part changed something.
bool tell(ServerRules& rules, const std::string& id, const std::string& text) {
    rules.told(id);
    bool changed = false;
    for (const auto& part : protocol::rules_parts(id, text))
        changed = rules.received(part);
    return changed;
}

ServerRules wanted() {
    ServerRules rules;
    rules.set_hosts(hosts);
    return rules;
}

} // namespace

TEST_CASE("no rules of the server are wanted until a host is allowed", "[rules]") {
    ServerRules rules;
    CHECK_FALSE(rules.are_wanted());
    CHECK_FALSE(tell(rules, "1", list_of(rule("crm.example.org"))));
    CHECK(rules.rules().empty());
    CHECK(rules.list().empty());
    rules.set_hosts(hosts);
    CHECK(rules.are_wanted());
    CHECK(tell(rules, "1", list_of(rule("crm.example.org"))));
    CHECK(rules.rules().size() == 1);
}

TEST_CASE("of the server's rules those of other hosts are forbidden, the rest counts", "[rules]") {
    auto rules = wanted();
    CHECK(tell(rules, "1", list_of(rule("evil.example.org") + rule("crm.example.org"))));
    CHECK(rules.list() == "1");
    CHECK(rules.mistakes().empty());
    REQUIRE(rules.rules().size() == 2);
    CHECK(rules.rules()[0].not_allowed ==
          "it opens a page of evil.example.org, which the administrator does not allow");
    CHECK(rules.rules()[1].not_allowed.empty());

    rules.set_hosts({"evil.example.org"});
    CHECK(rules.rules()[0].not_allowed.empty());
    CHECK_FALSE(rules.rules()[1].not_allowed.empty());
}

TEST_CASE("when no host is allowed any more the server's rules are forgotten", "[rules]") {
    auto rules = wanted();
    tell(rules, "1", list_of(rule("crm.example.org")));
    rules.set_hosts({});
    CHECK(rules.rules().empty());
    CHECK(rules.list().empty());
}

TEST_CASE("a list that is known stays, another one and none take its place", "[rules]") {
    auto rules = wanted();
    tell(rules, "1", list_of(rule("crm.example.org")));
    CHECK_FALSE(rules.told("1"));
    CHECK(rules.rules().size() == 1);
    CHECK_FALSE(tell(rules, "1", list_of(rule("crm.example.org"))));

    CHECK(rules.told("2"));
    CHECK(rules.rules().empty());
    CHECK(tell(rules, "2", list_of("")));
    CHECK(rules.list() == "2");

    tell(rules, "3", list_of(rule("crm.example.org")));
    CHECK(rules.told(std::nullopt));
    CHECK(rules.rules().empty());
    CHECK(rules.list().empty());
    CHECK_FALSE(rules.told(std::nullopt));
}

TEST_CASE("a wrong list takes the place of a right one, and nothing of it is used", "[rules]") {
    struct Row {
        std::string text;
        std::string what;
    };
    const std::vector<Row> rows{
        {"rubbish", "rules of the server:1: "},
        {list_of("<rule name='a' context='c'><run program='/bin/true'/></rule>"), "program"},
        {list_of(rule("crm.example.org") +
                 "<rule name='a' context='c'><open url='http://crm.example.org/'/></rule>"),
         "not https"},
        {list_of(std::string(protocol::max_rules_size, ' ')), "longer than 32 KiB"},
        {"<!DOCTYPE a><rules/>", "document type"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        auto rules = wanted();
        tell(rules, "1", list_of(rule("crm.example.org")));
        rules.told("2");
        bool changed = false;
        for (const auto& part : protocol::rules_parts("2", row.text))
            changed |= rules.received(part);
        CHECK(changed);
        CHECK(rules.rules().empty());
        // So it is not asked for again.
        CHECK(rules.list() == "2");
        REQUIRE(rules.mistakes().size() == 1);
        CHECK_THAT(rules.mistakes()[0], Catch::Matchers::Contains(row.what));
    }
}
