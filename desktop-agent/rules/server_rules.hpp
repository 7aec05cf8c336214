// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "protocol/rules/rules_reader.hpp"
#include "protocol/rules_parts.hpp"

#include <optional>
#include <string>
#include <vector>

namespace astcti::rules {

// The rules that the server told, as far as the administrator of this desktop allows them. Pure.
// Where no host is allowed none are wanted, and none are kept.
class ServerRules {
public:
    // "name" or "name:port": whose pages the server's rules may open, by https. From now on.
    void set_hosts(std::vector<std::string> hosts);

    bool are_wanted() const noexcept { return !hosts_.empty(); }

    // The id of the list that is known as a whole, be it right or wrong; empty if none is.
    const std::string& list() const noexcept { return list_; }

    // The server has this list, or none, now; another one than list() is to come in parts. Both are
    // true if there are other rules, or mistakes, than before.
    bool told(const std::optional<std::string>& list);
    bool received(const protocol::RulesPart& part);

    // Those that open pages of other hosts are forbidden.
    const Rules& rules() const noexcept { return rules_; }

    // Why the list is not used; none if it is, or if there is none.
    const std::vector<std::string>& mistakes() const noexcept { return mistakes_; }

private:
    bool forget();

    std::vector<std::string> hosts_;
    protocol::RulesAssembly assembly_;
    std::string list_;
    Rules rules_;
    std::vector<std::string> mistakes_;
};

} // namespace astcti::rules
