// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "protocol/rules/rule.hpp"

namespace astcti::rules {

// The rules that count, from every source. Numbers are rewritten before a rule sees them; where
// the server did it already, nothing changes.
struct RuleSet {
    protocol::NumberRules numbers;
    Rules rules;
    std::string servers_fault = {}; // why no rule of the server is used; empty: nothing is wrong
};

// The order: the person's, the administrator's, the server's, each as its file has them; so the
// first match is the person's if there is one, and a catch-all of anybody comes after every other
// rule of everybody. The numbers are the person's, else the administrator's. Where the
// administrator says user-rules="no", nothing of the person's counts.
RuleSet merge(const RulesFile& administrators, const RulesFile& persons, const Rules& servers);

} // namespace astcti::rules
