// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "desktop-agent/rules/rule.hpp"

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
// What only the administrator may say is a mistake in a file of another origin.
// No document type, no entities, no network.
std::variant<RulesFile, RulesError> read_rules(std::string_view text, const std::string& name,
                                               Origin origin);

// The text of a file of at most max_rules_file bytes, and one byte more of a longer one.
std::variant<std::string, RulesError> read_rules_text(const std::string& path);

// Both.
std::variant<RulesFile, RulesError> read_rules_file(const std::string& path, Origin origin);

// Rules that came from the server, in the same schema: they may open pages, by https, of these
// hosts ("name" or "name:port", without regard to case), and do nothing else.
std::variant<Rules, RulesError> read_server_rules(std::string_view text,
                                                  const std::vector<std::string>& hosts);

} // namespace astcti::rules
