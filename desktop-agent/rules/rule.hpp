// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "desktop-agent/rules/arguments.hpp"
#include "desktop-agent/rules/url.hpp"
#include "protocol/call.hpp"
#include "protocol/number_rules.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace astcti::rules {

struct RunProgram {
    std::string program; // an absolute path
    std::vector<Argument> arguments;
};

// What to do when a call is answered; one <rule> of the file.
struct Rule {
    std::string name;
    std::optional<std::string> context;
    bool catch_all = false;
    bool enabled = true;
    std::variant<UrlTemplate, RunProgram> action;
};

using Rules = std::vector<Rule>;

// All that a file of rules says. Numbers are rewritten before a rule sees them; where the
// server did it already, nothing changes.
struct RulesFile {
    protocol::NumberRules numbers;
    Rules rules;
};

// The first enabled rule of the context, else the first enabled catch-all, else none: as
// the original did it.
const Rule* find_rule(const Rules& rules, std::string_view context) noexcept;

// What is to be started, with the call's values in it.
struct OpenUrl {
    std::string url;
};
struct Run {
    std::vector<std::string> words; // the program first
};
using Start = std::variant<OpenUrl, Run, Refused>;

Start start_for(const Rule& rule, const protocol::Call& call);

} // namespace astcti::rules
