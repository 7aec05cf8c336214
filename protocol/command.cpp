// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/command.hpp"

#include "protocol/utf8.hpp"

#include <algorithm>

namespace astcti::protocol {
namespace {

bool is_tag(std::string_view text) noexcept {
    constexpr std::string_view allowed =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    return !text.empty() && text.size() <= max_tag &&
           text.find_first_not_of(allowed) == std::string_view::npos;
}

// Takes what is before the first `separator` off the front of `text`.
std::string_view take_until(std::string_view& text, char separator) noexcept {
    const auto end = text.find(separator);
    const auto taken = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return taken;
}

char upper(char c) noexcept {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

} // namespace

std::optional<Command> read_command(std::string_view line, bool tags) {
    if (!is_clean_line(line))
        return std::nullopt;
    Command command;
    if (tags && line.starts_with('@')) {
        line.remove_prefix(1);
        command.tag = take_until(line, ' ');
        if (!is_tag(command.tag))
            return std::nullopt;
    }
    command.verb = take_until(line, ' ');
    if (command.verb.empty())
        return std::nullopt;
    std::transform(command.verb.begin(), command.verb.end(), command.verb.begin(), upper);
    command.arguments = line;
    return command;
}

std::optional<OriginateArguments> read_originate(std::string_view arguments) {
    if (std::count(arguments.begin(), arguments.end(), '|') < 2)
        return std::nullopt;
    OriginateArguments out;
    out.number = take_until(arguments, '|');
    out.context = take_until(arguments, '|');
    out.priority = take_until(arguments, '|');
    if (out.context.empty())
        out.context = "default";
    if (out.priority.empty())
        out.priority = "1";
    return out;
}

} // namespace astcti::protocol
