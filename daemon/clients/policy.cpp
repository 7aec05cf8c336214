// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/clients/policy.hpp"

#include <algorithm>

namespace astcti::clients {
namespace {

constexpr std::size_t max_number = 32;

bool is_digit(char c, char first) noexcept {
    return c >= first && c <= '9';
}

bool matches_one(char pattern, char c) noexcept {
    switch (pattern) {
    case 'X':
    case 'x':
        return is_digit(c, '0');
    case 'Z':
    case 'z':
        return is_digit(c, '1');
    case 'N':
    case 'n':
        return is_digit(c, '2');
    default:
        return pattern == c;
    }
}

} // namespace

bool is_number(std::string_view text) noexcept {
    return !text.empty() && text.size() <= max_number &&
           text.find_first_not_of("0123456789*#+") == text.npos;
}

bool matches(std::string_view pattern, std::string_view number) noexcept {
    if (!pattern.starts_with('_'))
        return pattern == number;
    pattern.remove_prefix(1);
    const bool open = pattern.ends_with('.');
    if (open)
        pattern.remove_suffix(1);
    if (open ? number.size() <= pattern.size() : number.size() != pattern.size())
        return false;
    return std::equal(pattern.begin(), pattern.end(), number.begin(), matches_one);
}

bool is_allowed(const std::vector<OutboundRule>& rules,
                const protocol::OriginateArguments& wanted) noexcept {
    if (!is_number(wanted.number) || wanted.priority != "1")
        return false;
    return std::any_of(rules.begin(), rules.end(), [&](const OutboundRule& rule) {
        return rule.context == wanted.context && matches(rule.numbers, wanted.number);
    });
}

bool is_allowed_on(std::string_view pbx, const std::vector<OutboundRule>& rules,
                   std::string_view context, std::string_view number) noexcept {
    return std::any_of(rules.begin(), rules.end(), [&](const OutboundRule& rule) {
        return (rule.pbx.empty() || rule.pbx == pbx) && rule.context == context &&
               matches(rule.numbers, number);
    });
}

} // namespace astcti::clients
