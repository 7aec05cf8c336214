// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "protocol/rules/rules_reader.hpp"

#include <string>
#include <variant>

namespace astcti::rules {

// The text of a file of at most max_rules_file bytes, and one byte more of a longer one.
std::variant<std::string, RulesError> read_rules_text(const std::string& path);

// The same, read and checked.
std::variant<RulesFile, RulesError> read_rules_file(const std::string& path, Origin origin);

} // namespace astcti::rules
