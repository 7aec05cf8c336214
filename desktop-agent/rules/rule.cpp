// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/rules/rule.hpp"

namespace astcti::rules {
namespace {

struct Starter {
    const protocol::Call& call;

    Start operator()(const UrlTemplate& url) const {
        auto text = expand(url, call);
        if (auto* refused = std::get_if<Refused>(&text))
            return std::move(*refused);
        return OpenUrl{std::get<std::string>(std::move(text))};
    }

    Start operator()(const RunProgram& run) const {
        auto words = expand(run.arguments, call);
        if (auto* refused = std::get_if<Refused>(&words))
            return std::move(*refused);
        Run start{{run.program}};
        for (auto& word : std::get<std::vector<std::string>>(words))
            start.words.push_back(std::move(word));
        return start;
    }
};

} // namespace

const Rule* find_rule(const Rules& rules, std::string_view context) noexcept {
    for (const auto& rule : rules)
        if (rule.enabled && rule.context && *rule.context == context)
            return &rule;
    for (const auto& rule : rules)
        if (rule.enabled && rule.catch_all)
            return &rule;
    return nullptr;
}

Start start_for(const Rule& rule, const protocol::Call& call) {
    return std::visit(Starter{call}, rule.action);
}

} // namespace astcti::rules
