// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/rules/placeholder.hpp"

#include <array>
#include <optional>

namespace astcti::rules {
namespace {

struct Name {
    std::string_view word;
    Placeholder placeholder;
};

constexpr std::array<Name, 6> names{{
    {"CALLERID", Placeholder::caller_id},
    {"CALLERNAME", Placeholder::caller_name},
    {"CALLDATA", Placeholder::call_data},
    {"CHANNEL", Placeholder::channel},
    {"UNIQUEID", Placeholder::unique_id},
    {"CONTEXT", Placeholder::context},
}};

std::optional<Placeholder> find(std::string_view word) noexcept {
    for (const auto& name : names)
        if (name.word == word)
            return name.placeholder;
    return std::nullopt;
}

// Looks like a placeholder, known or not.
bool is_word(std::string_view text) noexcept {
    constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ_";
    return !text.empty() && text.find_first_not_of(letters) == std::string_view::npos;
}

} // namespace

std::string_view value_of(const protocol::Call& call, Placeholder placeholder) noexcept {
    switch (placeholder) {
    case Placeholder::caller_id:
        return call.peer_number;
    case Placeholder::caller_name:
        return call.peer_name;
    case Placeholder::call_data:
        return call.calldata;
    case Placeholder::channel:
        return call.channel;
    case Placeholder::unique_id:
        return call.uniqueid;
    case Placeholder::context:
        return call.context;
    }
    return {};
}

std::variant<Pieces, TemplateError> read_pieces(std::string_view text) {
    Pieces pieces;
    std::string plain;
    while (!text.empty()) {
        const auto end = text.front() == '{' ? text.find('}') : std::string_view::npos;
        const auto word =
            end == std::string_view::npos ? std::string_view{} : text.substr(1, end - 1);
        if (!is_word(word)) {
            plain += text.front();
            text.remove_prefix(1);
            continue;
        }
        const auto placeholder = find(word);
        if (!placeholder)
            return TemplateError{"unknown placeholder {" + std::string(word) +
                                 "}; there are {CALLERID}, {CALLERNAME}, {CALLDATA}, {CHANNEL}, "
                                 "{UNIQUEID} and {CONTEXT}"};
        if (!plain.empty())
            pieces.emplace_back(std::exchange(plain, {}));
        pieces.emplace_back(*placeholder);
        text.remove_prefix(end + 1);
    }
    if (!plain.empty())
        pieces.emplace_back(std::move(plain));
    return pieces;
}

} // namespace astcti::rules
