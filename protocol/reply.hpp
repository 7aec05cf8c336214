// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace astcti::protocol {

// PROTOCOL.md section 2; the original's dialect knows 100, 101, 102 and 900 only.
enum class ReplyCode {
    ok = 100,
    original_error = 101,
    logged_in = 102,
    too_long = 103,
    unknown = 110,
    malformed = 111,
    login_first = 112,
    refused = 113,
    not_allowed = 114,
    unavailable = 115,
    too_fast = 116,
    try_later = 150,
    bye = 900,
};

inline constexpr std::string_view welcome_line = "100 CTISERVER WELCOME\n";

// `[@tag ]NNN text`, LF included.
std::string reply_line(std::string_view tag, ReplyCode code, std::string_view text);

// A line from a server, as a client reads it. Refers to the line.
struct Reply {
    std::string_view tag;
    int code = 0;
    std::string_view text;
};

// Nothing if the line is not a reply (but an event, or rubbish).
std::optional<Reply> read_reply(std::string_view line) noexcept;

} // namespace astcti::protocol
