// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/rules/server_rules.hpp"

#include "desktop-agent/rules/server_hosts.hpp"

#include <utility>

namespace astcti::rules {
namespace {

constexpr const char* name = "rules of the server";

} // namespace

void ServerRules::set_hosts(std::vector<std::string> hosts) {
    hosts_ = std::move(hosts);
    if (hosts_.empty())
        forget();
    forbid_other_hosts(rules_, hosts_);
}

bool ServerRules::forget() {
    const bool had = !rules_.empty() || !mistakes_.empty();
    list_.clear();
    rules_.clear();
    mistakes_.clear();
    return had;
}

bool ServerRules::told(const std::optional<std::string>& list) {
    return list && *list == list_ ? false : forget();
}

bool ServerRules::received(const protocol::RulesPart& part) {
    if (!are_wanted())
        return false;
    auto added = assembly_.add(part);
    if (std::holds_alternative<protocol::RulesAssembly::More>(added))
        return false;
    if (const auto* wrong = std::get_if<protocol::RulesAssembly::Wrong>(&added)) {
        forget();
        list_ = wrong->list;
        mistakes_ = {std::string(name) + ": " + wrong->why};
        return true;
    }
    auto& whole = std::get<protocol::RulesAssembly::Whole>(added);
    if (whole.list == list_)
        return false;
    forget();
    list_ = std::move(whole.list);
    auto read = read_rules(whole.text, name, Origin::server);
    if (auto* error = std::get_if<RulesError>(&read)) {
        mistakes_ = std::move(error->mistakes);
    } else {
        rules_ = std::move(std::get<RulesFile>(read).rules);
        forbid_other_hosts(rules_, hosts_);
    }
    return true;
}

} // namespace astcti::rules
