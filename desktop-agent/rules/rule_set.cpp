// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/rules/rule_set.hpp"

namespace astcti::rules {

RuleSet merge(const RulesFile& administrators, const RulesFile& persons, const Rules& servers) {
    RuleSet set;
    if (administrators.numbers)
        set.numbers = *administrators.numbers;
    if (administrators.person_may) {
        set.rules = persons.rules;
        if (persons.numbers)
            set.numbers = *persons.numbers;
    }
    set.rules.insert(set.rules.end(), administrators.rules.begin(), administrators.rules.end());
    set.rules.insert(set.rules.end(), servers.begin(), servers.end());
    return set;
}

} // namespace astcti::rules
