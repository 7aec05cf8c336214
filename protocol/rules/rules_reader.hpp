// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "protocol/rules/rule.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace astcti::rules {

inline constexpr std::size_t max_rules_file = std::size_t{1024} * 1024;
inline constexpr std::size_t max_mistakes = 50; // told of one file; then how many more there are

// What is wrong with a rules file and what to do about it, for a person: each "FILE:LINE: …",
// at least one.
struct RulesError {
    std::vector<std::string> mistakes;
};

// Reads and checks rules; `name` is the file's, for messages. The schema is xml/rules.xsd.
// What only the administrator may say is a mistake in a file of another origin. Rules of the
// server open pages by https and do nothing else, in at most protocol::max_rules_size bytes of
// UTF-8. No document type, no entities, no network.
std::variant<RulesFile, RulesError> read_rules(std::string_view text, const std::string& name,
                                               Origin origin);

} // namespace astcti::rules
