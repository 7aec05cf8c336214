// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/rules/server_hosts.hpp"
#include "tests/support/catch.hpp"

using namespace astcti::rules;

namespace {

Rules rules_opening(const std::string& url) {
    Rule rule;
    rule.action = std::get<UrlTemplate>(read_url(url));
    rule.origin = Origin::server;
    return {rule};
}

} // namespace

TEST_CASE("a rule of the server opens pages of the allowed hosts only", "[rules]") {
    const std::vector<std::string> hosts{"CRM.example.org", "h:8443", "[fe80::1]"};
    struct Row {
        std::string url;
        bool allowed;
    };
    const std::vector<Row> rows{
        {"https://crm.example.org/?n={CALLERID}", true},
        {"https://CRM.EXAMPLE.ORG", true},
        {"https://h:8443/x", true},
        {"https://[FE80::1]/x", true},
        {"http://crm.example.org/", false},
        {"https://evil.example.org/", false},
        {"https://crm.example.org.evil/", false},
        {"https://crm.example.org:444/", false},
        {"https://h/", false},
        {"https://evil/crm.example.org", false},
    };
    for (const auto& row : rows) {
        CAPTURE(row.url);
        auto rules = rules_opening(row.url);
        forbid_other_hosts(rules, hosts);
        CHECK(rules[0].not_allowed.empty() == row.allowed);
        forbid_other_hosts(rules, {});
        CHECK_FALSE(rules[0].not_allowed.empty());
    }
}

TEST_CASE("a rule that starts a program is never allowed", "[rules]") {
    Rules rules(1);
    rules[0].action = RunProgram{"/bin/true", {}};
    forbid_other_hosts(rules, {"", "h"});
    CHECK_FALSE(rules[0].not_allowed.empty());
}

TEST_CASE("a host is a name or an address, with a port or without", "[rules]") {
    for (const std::string good :
         {"h", "crm.example.org", "h:8443", "192.0.2.1", "[2001:db8::1]", "[::1]:443"}) {
        CAPTURE(good);
        CHECK(is_host(good));
    }
    const std::string longest(253, 'a');
    CHECK(is_host(longest));
    CHECK_FALSE(is_host(longest + 'a'));
    for (const std::string bad : {"", ":443", "https://h", "h/", "h:", "h:123456", "h:x", "a b",
                                  "*", "*.example.org", "[::1", "[]", "[h]", "u@h", "h:1:2"}) {
        CAPTURE(bad);
        CHECK_FALSE(is_host(bad));
    }
}
