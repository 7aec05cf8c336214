// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/rules/rule.hpp"

#include <array>

namespace astcti::rules {
namespace {

constexpr std::array<std::string_view, 4> moments{"ringing", "answered", "peer-changed", "ended"};

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

std::string_view to_word(Moment moment) noexcept {
    return moments[static_cast<std::size_t>(moment)];
}

std::optional<Moment> moment_from(std::string_view word) noexcept {
    for (std::size_t i = 0; i < moments.size(); ++i)
        if (moments[i] == word)
            return static_cast<Moment>(i);
    return std::nullopt;
}

Start start_for(const Rule& rule, const protocol::Call& call) {
    return std::visit(Starter{call}, rule.action);
}

} // namespace astcti::rules
