// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "protocol/call.hpp"
#include "protocol/number_rules.hpp"
#include "protocol/rules/arguments.hpp"
#include "protocol/rules/url.hpp"

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

// When a rule runs: the call rings (here, or at who is called), is answered, goes on with
// another party, or is over.
enum class Moment { ringing, answered, peer_changed, ended };

// The words of the file.
std::string_view to_word(Moment moment) noexcept;
std::optional<Moment> moment_from(std::string_view word) noexcept;

// Who wrote a rule.
enum class Origin { person, administrator, server };

struct VariableCondition {
    std::string name;
    std::optional<std::string> value; // nothing: the call has the variable, whatever its value
};

// Which calls a rule is for; what is not given is not asked.
struct Conditions {
    std::optional<std::string> context;
    std::optional<std::string> queue;
    std::optional<std::string> called; // see fits()
    std::optional<std::string> number; // the other party's; see fits()
    std::optional<bool> internal;
    std::vector<VariableCondition> variables;
    // Nothing: either. A file that does not say means inbound, as the original did.
    std::optional<protocol::Direction> direction = protocol::Direction::inbound;
};

// One <rule> of a file.
struct Rule {
    std::string name;
    Conditions conditions;
    Moment moment = Moment::answered;
    bool catch_all = false;
    bool enabled = true;
    Origin origin = Origin::administrator;
    std::string not_allowed = {}; // why it never runs, as a sentence; empty: it may
    std::variant<UrlTemplate, RunProgram> action;
};

using Rules = std::vector<Rule>;

// All that a file of rules says.
struct RulesFile {
    // The administrator's file only: are the person's own rules used?
    bool person_may = true;
    // The administrator's file only: the https hosts that rules of the server may open.
    std::vector<std::string> server_hosts;
    std::optional<protocol::NumberRules> numbers;
    Rules rules;
};

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
