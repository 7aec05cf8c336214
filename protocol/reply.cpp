// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/reply.hpp"

#include <charconv>

namespace astcti::protocol {

std::string reply_line(std::string_view tag, ReplyCode code, std::string_view text) {
    std::string line;
    if (!tag.empty()) {
        line += '@';
        line += tag;
        line += ' ';
    }
    line += std::to_string(static_cast<int>(code));
    line += ' ';
    line += text;
    line += '\n';
    return line;
}

std::optional<Reply> read_reply(std::string_view line) noexcept {
    Reply reply;
    if (line.starts_with('@')) {
        const auto end = line.find(' ');
        if (end == std::string_view::npos)
            return std::nullopt;
        reply.tag = line.substr(1, end - 1);
        line.remove_prefix(end + 1);
    }
    if (line.size() < 3)
        return std::nullopt;
    const auto [end, error] = std::from_chars(line.data(), line.data() + 3, reply.code);
    if (error != std::errc{} || end != line.data() + 3 || reply.code < 100)
        return std::nullopt;
    line.remove_prefix(3);
    if (!line.empty() && line.front() != ' ')
        return std::nullopt;
    reply.text = line.empty() ? line : line.substr(1);
    return reply;
}

} // namespace astcti::protocol
