// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "protocol/command.hpp"
#include "protocol/number_rules.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace astcti::clients {

// Numbers that may be dialled in a context. `numbers` is one number, or a pattern of the
// dialplan: `_` and then digits, X (0-9), Z (1-9), N (2-9), `.` (one or more), as in
// Asterisk's pattern matching.
struct OutboundRule {
    std::string context;
    std::string numbers;
    std::string pbx = {}; // on this one only; empty: on any
};

// What is dialled, and what may be.
struct DialPolicy {
    std::vector<OutboundRule> outbound;
    protocol::NumberRules numbers = {};
};

// Nothing but what a telephone can dial, 1 to 32 characters: `&`, `/`, `,` and `${` mean
// something in a dialplan, and are refused rather than removed.
bool is_number(std::string_view text) noexcept;

bool matches(std::string_view pattern, std::string_view number) noexcept;

// May this be dialled? The priority is the server's: 1.
bool is_allowed(const std::vector<OutboundRule>& rules,
                const protocol::OriginateArguments& wanted) noexcept;

// May this PBX dial it? Context and number are those of a request that is allowed.
bool is_allowed_on(std::string_view pbx, const std::vector<OutboundRule>& rules,
                   std::string_view context, std::string_view number) noexcept;

} // namespace astcti::clients
