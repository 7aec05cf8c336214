// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace astcti::protocol {

// Length in bytes of the well-formed UTF-8 character (RFC 3629: no surrogates, no overlong
// forms) at the start of `text`; 0 if there is none.
std::size_t utf8_length(std::string_view text) noexcept;

bool is_utf8(std::string_view text) noexcept;

// UTF-8 without control characters (C0, DEL, C1): what a line of the protocol may hold.
bool is_clean_line(std::string_view text) noexcept;

// Makes text of unknown encoding fit to be shown: UTF-8 stays, anything else is read as
// Latin-1. Control characters, bidirectional overrides and isolates, and U+FFFE/U+FFFF
// (not XML) are dropped; a line break becomes a space.
std::string cleaned(std::string_view text);

// At most `size` bytes, cut between characters.
std::string_view cut(std::string_view text, std::size_t size) noexcept;

} // namespace astcti::protocol
