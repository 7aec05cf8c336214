// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "protocol/event.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace astcti::protocol {

// Is it the id of a list: 1 to 64 of the characters A-Z a-z 0-9 . _ -
bool is_rules_list(std::string_view text) noexcept;

// The list in parts of at most max_rules_part bytes, each of whole characters, as a server tells
// it. It is UTF-8, not empty, and at most max_rules_size bytes long.
std::vector<RulesPart> rules_parts(const std::string& list, std::string_view text);

// The client's side: puts a list together again. Pure; of whatever a server sends it keeps at most
// max_rules_size bytes.
class RulesAssembly {
public:
    struct More {}; // not whole yet
    struct Whole {
        std::string list;
        std::string text;
    };
    struct Wrong { // of this list nothing more is heard
        std::string list;
        std::string why;
    };

    std::variant<More, Whole, Wrong> add(const RulesPart& part);

private:
    Wrong refuse(const RulesPart& part, const char* why);

    std::string list_; // empty: none has begun
    std::size_t size_ = 0;
    std::string text_;
    bool refused_ = false; // what follows up to the next beginning belongs to a wrong one
};

} // namespace astcti::protocol
