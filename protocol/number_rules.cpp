// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/number_rules.hpp"

#include <algorithm>
#include <array>

namespace astcti::protocol {
namespace {

// Of telephones, providers and PBXs; RFC 3325 and RFC 3323 have the first two.
constexpr std::array<std::string_view, 8> withheld_words{"anonymous", "unavailable", "restricted",
                                                         "withheld",  "private",     "unknown",
                                                         "asserted",  "blocked"};

// RFC 3966's visual separators, and what people write.
constexpr std::string_view separators = " -.()/";

// The country code of North America: each number below it has the same length, and its trunk
// prefix, which is the same digit, may be left out.
constexpr std::string_view nanp_country_code = "1";
constexpr std::size_t nanp_digits = 11;

// "+44 (0)20…": a zero that is dialled within the country only.
constexpr std::string_view optional_zero = "(0)";

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_word(std::string_view a, std::string_view b) noexcept {
    return std::ranges::equal(a, b, {}, lower, lower);
}

std::string_view trimmed(std::string_view text) noexcept {
    const auto begin = text.find_first_not_of(' ');
    if (begin == text.npos)
        return {};
    return text.substr(begin, text.find_last_not_of(' ') + 1 - begin);
}

bool begins_with(std::string_view text, std::string_view prefix) noexcept {
    return !prefix.empty() && text.starts_with(prefix);
}

std::string without_separators(std::string_view text) {
    std::string plain;
    std::ranges::copy_if(text, std::back_inserter(plain),
                         [](char c) { return separators.find(c) == separators.npos; });
    return plain;
}

// Digits, after a + perhaps; empty if the text is anything else, or the PBX's own.
std::string plain_number(const NumberRules& rules, std::string_view text) {
    auto plain = without_separators(text);
    const bool global = plain.starts_with('+') || begins_with(plain, rules.international_prefix);
    const bool own = plain.starts_with('+' + rules.country_code) ||
                     begins_with(plain, rules.international_prefix + rules.country_code);
    if (const auto zero = text.find(optional_zero);
        global && zero != text.npos && !(own && rules.keep_trunk_prefix))
        plain = without_separators(std::string(text.substr(0, zero)) +
                                   std::string(text.substr(zero + optional_zero.size())));
    const auto first_digit = plain.begin() + (plain.starts_with('+') ? 1 : 0);
    const auto digits = static_cast<std::size_t>(plain.end() - first_digit);
    if (digits == 0 || digits < rules.shortest || !std::all_of(first_digit, plain.end(), is_digit))
        return {};
    return plain;
}

// "+" and the digits, or empty if there is no such number in the world.
std::string global(const NumberRules& rules, std::string_view digits) {
    if (digits.empty() || digits.front() == '0' || digits.size() < rules.shortest ||
        digits.size() > max_global_digits)
        return {};
    if (digits.starts_with(nanp_country_code) && digits.size() != nanp_digits)
        return {};
    return '+' + std::string(digits);
}

std::string national(const NumberRules& rules, std::string_view digits) {
    const bool has_trunk = begins_with(digits, rules.trunk_prefix);
    if (has_trunk && !rules.keep_trunk_prefix) {
        digits.remove_prefix(rules.trunk_prefix.size());
        if (digits.empty() || digits.starts_with('0'))
            return {};
    } else if (!has_trunk) {
        if (rules.longest_plain != 0 && digits.size() > rules.longest_plain)
            return global(rules, digits);
        // Elsewhere it has no area code, which only the PBX's neighbours know.
        if (!rules.trunk_prefix.empty() && !rules.keep_trunk_prefix &&
            rules.country_code != nanp_country_code)
            return {};
    }
    return global(rules, rules.country_code + std::string(digits));
}

// Empty if no rule fits.
std::string canonical(const NumberRules& rules, std::string_view plain) {
    if (plain.starts_with('+'))
        return global(rules, plain.substr(1));
    if (begins_with(plain, rules.international_prefix))
        return global(rules, plain.substr(rules.international_prefix.size()));
    return plain.empty() || plain.size() < rules.shortest ? "" : national(rules, plain);
}

Rewritten as_it_is_unless(std::string canonical, std::string_view number) {
    return {canonical.empty() ? std::string(number) : std::move(canonical), false};
}

} // namespace

bool is_withheld(const NumberRules& rules, std::string_view number) noexcept {
    auto word = trimmed(number);
    // <unknown> is Asterisk's, …@anonymous.invalid SIP's.
    if (word.starts_with('<') && word.ends_with('>'))
        word = word.substr(1, word.size() - 2);
    if (const auto at = word.find('@');
        at != word.npos && same_word(word.substr(at), "@anonymous.invalid"))
        return true;
    const auto is_word = [word](std::string_view known) { return same_word(word, known); };
    return !word.empty() && (std::ranges::any_of(withheld_words, is_word) ||
                             std::ranges::any_of(rules.withheld, is_word));
}

Rewritten rewrite(const NumberRules& rules, std::string_view number) {
    if (is_withheld(rules, number))
        return {{}, true};
    if (!rules.configured())
        return {std::string(number), false};
    return as_it_is_unless(canonical(rules, plain_number(rules, number)), number);
}

Rewritten rewrite_dialled(const NumberRules& rules, std::string_view number) {
    if (rules.configured() && !is_withheld(rules, number)) {
        const auto plain = plain_number(rules, number);
        if (begins_with(plain, rules.outside_line))
            if (auto found =
                    canonical(rules, std::string_view(plain).substr(rules.outside_line.size()));
                !found.empty())
                return {std::move(found), false};
    }
    // Who answers may be told as the network tells it, which is not what was dialled.
    return rewrite(rules, number);
}

void rewrite_peer(const NumberRules& rules, Call& call) {
    auto peer = call.direction == Direction::outbound ? rewrite_dialled(rules, call.peer_number)
                                                      : rewrite(rules, call.peer_number);
    call.peer_number = std::move(peer.number);
    call.withheld = call.withheld || peer.withheld;
    if (call.withheld) {
        call.peer_number.clear();
        call.peer_name.clear();
    }
}

std::string to_dial(const NumberRules& rules, std::string_view number) {
    auto plain = rules.configured() ? plain_number(rules, number) : std::string();
    if (plain.empty())
        return std::string(number);
    if (!plain.starts_with('+') || global(rules, std::string_view(plain).substr(1)).empty())
        return plain;
    const auto digits = plain.substr(1);
    if (digits.starts_with(rules.country_code)) {
        const auto& trunk = rules.keep_trunk_prefix ? std::string() : rules.trunk_prefix;
        return rules.outside_line + trunk + digits.substr(rules.country_code.size());
    }
    if (rules.international_prefix.empty())
        return plain;
    return rules.outside_line + rules.international_prefix + digits;
}

} // namespace astcti::protocol
