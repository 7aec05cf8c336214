// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/rules/decide.hpp"

#include "desktop-agent/rules/pattern.hpp"

#include <algorithm>

namespace astcti::rules {
namespace {

std::string quoted(std::string_view text) {
    return "\"" + std::string(text) + "\"";
}

std::string is_not(std::string_view what, std::string_view value, std::string_view wanted) {
    return std::string(what) + " is " + (value.empty() ? "not known" : quoted(value)) + ", not " +
           quoted(wanted);
}

std::string variable_mismatch(const VariableCondition& wanted, const protocol::Call& call) {
    const auto* value = find_variable(call, wanted.name);
    if (!value)
        return "the call has no variable " + wanted.name;
    if (wanted.value && *wanted.value != *value)
        return "the variable " + wanted.name + " has another value";
    return {};
}

// Why the call is none of the rule's; empty if it is.
std::string mismatch(const Conditions& conditions, const protocol::Call& call, bool ask_context) {
    if (conditions.direction && *conditions.direction != call.direction)
        return "the call is " + std::string(to_word(call.direction));
    if (ask_context && conditions.context && *conditions.context != call.context)
        return is_not("the context", call.context, *conditions.context);
    if (conditions.queue && *conditions.queue != call.queue)
        return is_not("the queue", call.queue, *conditions.queue);
    if (conditions.internal && *conditions.internal != call.internal)
        return call.internal ? "the call is internal" : "the call is external";
    if (conditions.called && !fits(*conditions.called, call.called_number))
        return is_not("the called number", call.called_number, *conditions.called);
    if (conditions.number && !fits(*conditions.number, call.peer_number))
        return is_not("the number", call.peer_number, *conditions.number);
    for (const auto& variable : conditions.variables)
        if (auto why = variable_mismatch(variable, call); !why.empty())
            return why;
    return {};
}

bool may_run(const Rule& rule) noexcept {
    return rule.enabled && rule.not_allowed.empty();
}

// Walks the rules of one moment and fills in what became of each.
const Rule* walk(const Rules& rules, Moment moment, const protocol::Call& call,
                 std::vector<Tried>& tried) {
    const Rule* found = nullptr;
    for (const bool last_resort : {false, true}) {
        for (std::size_t i = 0; i < rules.size() && !found; ++i) {
            const auto& rule = rules[i];
            const bool own_turn = !rule.catch_all || rule.conditions.context;
            if (!may_run(rule) || rule.moment != moment ||
                (last_resort ? !rule.catch_all : !own_turn))
                continue;
            tried[i].why = mismatch(rule.conditions, call, !last_resort);
            tried[i].matched = tried[i].why.empty();
            if (tried[i].matched)
                found = &rule;
        }
    }
    return found;
}

} // namespace

Decision decide(const Rules& rules, Moment moment, const protocol::Call& call) {
    Decision decision;
    decision.tried.reserve(rules.size());
    for (const auto& rule : rules) {
        std::string why = "another rule comes first";
        if (!rule.not_allowed.empty())
            why = rule.not_allowed;
        else if (!rule.enabled)
            why = "it is switched off";
        else if (rule.moment != moment)
            why = "it is for the moment " + std::string(to_word(rule.moment));
        decision.tried.push_back({rule.name, rule.origin, false, std::move(why)});
    }
    decision.rule = walk(rules, moment, call, decision.tried);
    if (decision.rule || moment != Moment::peer_changed)
        return decision;
    for (std::size_t i = 0; i < rules.size(); ++i)
        if (may_run(rules[i]) && rules[i].moment == Moment::answered)
            decision.tried[i].why = "another rule comes first";
    decision.rule = walk(rules, Moment::answered, call, decision.tried);
    return decision;
}

} // namespace astcti::rules
