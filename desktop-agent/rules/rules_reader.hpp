// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "desktop-agent/rules/rule.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

namespace astcti::rules {

inline constexpr std::size_t max_rules_file = std::size_t{1024} * 1024;

// What is wrong with a rules file and what to do about it, for a person: "FILE:LINE: …".
struct RulesError {
    std::string text;
};

// Reads and checks rules; `name` is the file's, for messages. The schema is xml/rules.xsd.
// No document type, no entities, no network.
std::variant<RulesFile, RulesError> read_rules(std::string_view text, const std::string& name);

// The same for a file of at most max_rules_file bytes.
std::variant<RulesFile, RulesError> read_rules_file(const std::string& path);

} // namespace astcti::rules
