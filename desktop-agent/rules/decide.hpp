// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "protocol/rules/rule.hpp"

#include <string>
#include <vector>

namespace astcti::rules {

// What became of one rule for one call.
struct Tried {
    std::string rule;
    Origin origin = Origin::administrator;
    bool matched = false;
    std::string why; // it did not match, for a person; of a variable never its value
};

struct Decision {
    const Rule* rule = nullptr; // one of `rules`, or none
    std::vector<Tried> tried;   // all, in the order of the file
};

// The first enabled rule of this moment that matches, else the first with catch-all="yes", whose
// context is not asked: as the original did it. A call that goes on with another party is looked
// up among the rules for that first, then among those for answered calls.
Decision decide(const Rules& rules, Moment moment, const protocol::Call& call);

} // namespace astcti::rules
