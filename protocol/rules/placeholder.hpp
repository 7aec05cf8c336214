// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "protocol/call.hpp"

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace astcti::rules {

// The original's six, {CALLERID} {CALLERNAME} {CALLDATA} {CHANNEL} {UNIQUEID} {CONTEXT}, and
// {CALLED} {QUEUE}.
enum class Placeholder {
    caller_id,
    caller_name,
    call_data,
    channel,
    unique_id,
    context,
    called,
    queue
};

// {name}: a dialplan variable that the server's administrator has told to clients.
struct VariableName {
    std::string name;

    bool operator==(const VariableName&) const = default;
};

// A template in its parts: text as it is, and what stands for a value of the call.
using Piece = std::variant<std::string, Placeholder, VariableName>;
using Pieces = std::vector<Piece>;

// The call's value; empty if it has none.
std::string_view value_of(const protocol::Call& call, Placeholder placeholder) noexcept;

// The value of a variable; nothing if the call has none of that name. Names are compared byte
// for byte; "calldata" is one as well.
const std::string* find_variable(const protocol::Call& call, std::string_view name) noexcept;

// The text, or the call's value.
std::string_view value_of(const protocol::Call& call, const Piece& piece) noexcept;

// Why a template is none, as a sentence that says what to do.
struct TemplateError {
    std::string why;
};

// `{NAME}` with letters, digits and underscores is a placeholder or a variable; other braces are
// text. A name that is nearly one of the placeholders is an error: it was mistyped.
std::variant<Pieces, TemplateError> read_pieces(std::string_view text);

} // namespace astcti::rules
