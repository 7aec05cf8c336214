// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/rules/arguments.hpp"

namespace astcti::rules {
namespace {

bool begins_with_dash(const Argument& argument) {
    if (argument.pieces.empty())
        return false;
    const auto* text = std::get_if<std::string>(&argument.pieces.front());
    return text && text->starts_with('-');
}

std::string word_of(const Argument& argument, const protocol::Call& call) {
    std::string word;
    for (const auto& piece : argument.pieces)
        word += value_of(call, piece);
    return word;
}

} // namespace

std::variant<Argument, TemplateError> read_argument(std::string_view text, bool allow_dash) {
    auto pieces = read_pieces(text);
    if (auto* error = std::get_if<TemplateError>(&pieces))
        return std::move(*error);
    return Argument{std::get<Pieces>(std::move(pieces)), allow_dash};
}

std::variant<std::vector<std::string>, Refused> expand(const std::vector<Argument>& arguments,
                                                       const protocol::Call& call) {
    std::vector<std::string> words;
    words.reserve(arguments.size());
    for (const auto& argument : arguments) {
        auto word = word_of(argument, call);
        const auto number = std::to_string(words.size() + 1);
        if (word.find('\0') != std::string::npos)
            return Refused{"argument " + number + " would have a NUL in it"};
        if (word.starts_with('-') && !argument.allow_dash && !begins_with_dash(argument))
            return Refused{"argument " + number +
                           " would begin with a dash and could be taken "
                           "for an option; allow-dash=\"yes\" on the <argument> permits it"};
        words.push_back(std::move(word));
    }
    return words;
}

} // namespace astcti::rules
