// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/rules/placeholder.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace astcti::rules {
namespace {

struct Name {
    std::string_view word;
    Placeholder placeholder;
};

constexpr std::array<Name, 8> names{{
    {"CALLERID", Placeholder::caller_id},
    {"CALLERNAME", Placeholder::caller_name},
    {"CALLDATA", Placeholder::call_data},
    {"CHANNEL", Placeholder::channel},
    {"UNIQUEID", Placeholder::unique_id},
    {"CONTEXT", Placeholder::context},
    {"CALLED", Placeholder::called},
    {"QUEUE", Placeholder::queue},
}};

// So many letters wrong, missing or too many, and it is a mistyped placeholder.
constexpr std::size_t mistyped = 2;

std::optional<Placeholder> find(std::string_view word) noexcept {
    for (const auto& name : names)
        if (name.word == word)
            return name.placeholder;
    return std::nullopt;
}

// Looks like a placeholder or a variable, known or not.
bool is_word(std::string_view text) noexcept {
    constexpr std::string_view letters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";
    return !text.empty() && text.find_first_not_of(letters) == std::string_view::npos &&
           (text.front() < '0' || text.front() > '9');
}

// How many letters have to be changed, put in or taken out to make one of the other.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j < row.size(); ++j)
        row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        auto diagonal = std::exchange(row[0], i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const auto changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, changed}));
        }
    }
    return row.back();
}

std::string upper(std::string_view word) {
    std::string out(word);
    for (char& c : out)
        if (c >= 'a' && c <= 'z')
            c = static_cast<char>(c - 'a' + 'A');
    return out;
}

// The placeholder that was meant, if it was one.
std::optional<std::string_view> meant(std::string_view word) {
    const auto big = upper(word);
    for (const auto& name : names)
        if (name.word == big && name.placeholder != Placeholder::call_data)
            return name.word;
    if (big != word)
        return std::nullopt;
    for (const auto& name : names)
        if (distance(name.word, word) <= mistyped)
            return name.word;
    return std::nullopt;
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
    case Placeholder::called:
        return call.called_number;
    case Placeholder::queue:
        return call.queue;
    }
    return {};
}

const std::string* find_variable(const protocol::Call& call, std::string_view name) noexcept {
    for (const auto& [key, value] : call.variables)
        if (key == name)
            return &value;
    return name == "calldata" && !call.calldata.empty() ? &call.calldata : nullptr;
}

std::string_view value_of(const protocol::Call& call, const Piece& piece) noexcept {
    if (const auto* text = std::get_if<std::string>(&piece))
        return *text;
    if (const auto* placeholder = std::get_if<Placeholder>(&piece))
        return value_of(call, *placeholder);
    const auto* variable = std::get_if<VariableName>(&piece);
    const auto* value = variable ? find_variable(call, variable->name) : nullptr;
    return value ? std::string_view(*value) : std::string_view();
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
        if (const auto other = placeholder ? std::nullopt : meant(word))
            return TemplateError{"{" + std::string(word) + "} is no placeholder; write {" +
                                 std::string(*other) + "}, or mend the name of the variable"};
        if (!plain.empty())
            pieces.emplace_back(std::exchange(plain, {}));
        if (placeholder)
            pieces.emplace_back(*placeholder);
        else
            pieces.emplace_back(VariableName{std::string(word)});
        text.remove_prefix(end + 1);
    }
    if (!plain.empty())
        pieces.emplace_back(std::move(plain));
    return pieces;
}

} // namespace astcti::rules
