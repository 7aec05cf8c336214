// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "protocol/call.hpp"

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace astcti::rules {

// The original's six: {CALLERID}, {CALLERNAME}, {CALLDATA}, {CHANNEL}, {UNIQUEID}, {CONTEXT}.
enum class Placeholder { caller_id, caller_name, call_data, channel, unique_id, context };

// The call's value; empty if it has none.
std::string_view value_of(const protocol::Call& call, Placeholder placeholder) noexcept;

// A template in its parts: text as it is, and placeholders.
using Piece = std::variant<std::string, Placeholder>;
using Pieces = std::vector<Piece>;

// Why a template is none, as a sentence that says what to do.
struct TemplateError {
    std::string why;
};

// `{WORD}` with an upper-case word must be a known placeholder; other braces are text.
std::variant<Pieces, TemplateError> read_pieces(std::string_view text);

} // namespace astcti::rules
