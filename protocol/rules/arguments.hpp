// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "protocol/call.hpp"
#include "protocol/rules/placeholder.hpp"

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace astcti::rules {

// Why a rule does not run for a call: a value of it would mean something to the program
// or the URL that the rule's author did not write.
struct Refused {
    std::string why;
};

// One argument of a program.
struct Argument {
    Pieces pieces;
    // The word may begin with a dash although the template does not: a caller could
    // choose one of the program's options.
    bool allow_dash = false;
};

std::variant<Argument, TemplateError> read_argument(std::string_view text, bool allow_dash);

// One word an argument, whatever the values are: they are put in after the split, and
// no shell sees them.
std::variant<std::vector<std::string>, Refused> expand(const std::vector<Argument>& arguments,
                                                       const protocol::Call& call);

} // namespace astcti::rules
