// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ami/anonymous_text.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>

namespace astcti::ami {
namespace {

constexpr std::string_view escaped = "abfnrtv\\'\"?"; // by Asterisk, after a backslash
constexpr std::string_view between_digits = " -.()";
constexpr std::size_t max_between = 2; // "(06) 123"
constexpr std::size_t counter_size = 8;
constexpr std::size_t seconds_size = 10; // since 1970, from 2001 to 2286
constexpr std::size_t date_size = 10;    // 2026-11-23
constexpr std::size_t uuid_size = 36;

bool is_hex(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool is_alphanumeric(char c) {
    return is_digit(c) || is_letter(c);
}

// Where what begins at `at` and is made of such characters ends.
template <typename Is>
std::size_t end_of(std::string_view text, std::size_t at, Is is) {
    while (at < text.size() && is(text[at]))
        ++at;
    return at;
}

// A channel's -0000002a: below 65536 calls of it there is no number that looks like it.
bool is_counter(std::string_view text, std::size_t begin) {
    return begin > 0 && text[begin - 1] == '-' && text.substr(begin).starts_with("0000") &&
           end_of(text, begin, is_alphanumeric) == begin + counter_size;
}

bool is_seconds(std::string_view text) {
    const auto digits = end_of(text, 0, is_digit);
    return digits == seconds_size && text[0] != '0' &&
           (digits == text.size() || (text[digits] == '.' && digits + 1 < text.size() &&
                                      end_of(text, digits + 1, is_digit) == text.size()));
}

bool is_address(std::string_view text, int family) {
    std::array<unsigned char, sizeof(in6_addr)> bytes{};
    return text.size() < INET6_ADDRSTRLEN && text.find_first_of(":.") != text.npos &&
           ::inet_pton(family, std::string(text).c_str(), bytes.data()) == 1;
}

} // namespace

// Takes an address that begins here; returns its end, or where it began.
std::size_t AnonymousText::take_address(std::string& out, std::string_view text, std::size_t at) {
    if (at > 0 && (is_alphanumeric(text[at - 1]) || text[at - 1] == '.'))
        return at;
    const auto is_of_ipv6 = [](char c) { return is_hex(c) || c == ':' || c == '.'; };
    const auto is_of_ipv4 = [](char c) { return is_digit(c) || c == '.'; };
    for (const int family : {AF_INET6, AF_INET}) {
        const bool is_ipv6 = family == AF_INET6;
        auto end = is_ipv6 ? end_of(text, at, is_of_ipv6) : end_of(text, at, is_of_ipv4);
        const bool goes_on = end < text.size() && is_letter(text[end]);
        if (goes_on || (is_ipv6 && at > 0 && text[at - 1] == ':'))
            continue;
        while (end > at && text[end - 1] == '.') // of the sentence
            --end;
        const auto address = text.substr(at, end - at);
        if (is_address(address, family)) {
            out += pseudonyms_.address(address, is_ipv6);
            return end;
        }
    }
    return at;
}

// Takes the number that begins here, over what may stand between its digits; returns its end.
std::size_t AnonymousText::take_number(std::string& out, std::string_view text, std::size_t at) {
    auto end = end_of(text, at, is_digit);
    if (is_counter(text, at) && end_of(text, at, is_hex) == at + counter_size) {
        out += text.substr(at, counter_size);
        return at + counter_size;
    }
    for (;;) {
        const auto next = std::min(text.find_first_not_of(between_digits, end), text.size());
        if (next == text.size() || next == end || next - end > max_between ||
            !is_digit(text[next]) || is_counter(text, next))
            break;
        end = end_of(text, next, is_digit);
    }
    const auto written = text.substr(at, end - at);
    std::string digits(written);
    digits.erase(std::remove_if(digits.begin(), digits.end(), [](char c) { return !is_digit(c); }),
                 digits.end());
    if (digits.size() < phone_digits) {
        out += written;
        return end;
    }
    const auto number = pseudonyms_.number(digits);
    auto digit = number.begin();
    for (const char c : written)
        out += is_digit(c) ? *digit++ : c;
    return end;
}

std::string AnonymousText::with_letters(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        if (is_hex(text[at]) || text[at] == ':')
            if (const auto end = take_address(out, text, at); end != at) {
                at = end;
                continue;
            }
        if (is_digit(text[at]))
            at = take_number(out, text, at);
        else
            out += text[at++];
    }
    return out;
}

std::string AnonymousText::without_letters(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        if (is_hex(text[at]) || text[at] == ':')
            if (const auto end = take_address(out, text, at); end != at) {
                at = end;
                continue;
            }
        if (text[at] == '\\' && at + 1 < text.size() &&
            escaped.find(text[at + 1]) != escaped.npos) {
            out += text.substr(at, 2);
            at += 2;
        } else if (is_digit(text[at])) {
            const auto end = end_of(text, at, is_digit);
            out += pseudonyms_.typed(text.substr(at, end - at));
            at = end;
        } else if (is_letter(text[at])) {
            const auto end = end_of(text, at, is_letter);
            out += pseudonyms_.word(text.substr(at, end - at));
            at = end;
        } else {
            out += text[at++];
        }
    }
    return out;
}

std::string AnonymousText::channel(std::string_view text) {
    const auto hyphen = text.rfind('-');
    const auto end = hyphen == text.npos ? 0 : end_of(text, hyphen + 1, is_hex);
    if (hyphen == text.npos || end - hyphen - 1 != counter_size ||
        (end < text.size() && text[end] != ';' && text[end] != '<' && text[end] != ','))
        return with_letters(text);
    return with_letters(text.substr(0, hyphen)) + std::string(text.substr(hyphen, end - hyphen)) +
           with_letters(text.substr(end));
}

std::string AnonymousText::id(std::string_view text) {
    if (text.size() == uuid_size && std::count(text.begin(), text.end(), '-') == 4 &&
        std::all_of(text.begin(), text.end(), [](char c) { return is_hex(c) || c == '-'; }))
        return std::string(text);
    const auto begin = text.rfind('-') + 1; // 0 without a system's name
    auto tail = text.substr(begin);
    if (tail.ends_with(";1") || tail.ends_with(";2"))
        tail.remove_suffix(2);
    if (!is_seconds(tail) || tail.size() == seconds_size)
        return with_letters(text);
    return with_letters(text.substr(0, begin)) + std::string(text.substr(begin));
}

std::string AnonymousText::moment(std::string_view text) {
    const bool is_date = text.size() > date_size && text[4] == '-' && text[7] == '-' &&
                         text.find_first_not_of("0123456789-:.+TZ ") == text.npos &&
                         text.find(':') == date_size + 3;
    return is_date || is_seconds(text) ? std::string(text) : with_letters(text);
}

} // namespace astcti::ami
