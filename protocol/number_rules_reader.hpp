// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "protocol/number_rules.hpp"

#include <libxml/tree.h>
#include <string>
#include <vector>

namespace astcti::protocol {

// What no schema can say of <numbers>.
struct NumberRulesFault {
    const xmlNode* element;
    std::string attribute; // empty: the element as a whole
    std::string what;
    std::string advice;
};

// Reads a <numbers> that follows xml/astcti.xsd or xml/rules.xsd, in which it is the same; adds
// to `faults` what is wrong all the same.
NumberRules read_number_rules(const xmlNode* numbers, std::vector<NumberRulesFault>& faults);

} // namespace astcti::protocol
