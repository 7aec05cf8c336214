// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/ami/pseudonyms.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace astcti::ami {

constexpr bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

// Bytes that are not ASCII count: they are letters of somebody's name.
constexpr bool is_letter(char c) noexcept {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           static_cast<unsigned char>(c) >= 0x80;
}

// One value with pseudonyms in it. All of them keep what is neither digit nor letter, so a line
// stays a line, and replace IP addresses but for id() and moment().
class AnonymousText {
public:
    // A number of fewer digits is what a telephone is called inside.
    static constexpr std::size_t phone_digits = 6;

    explicit AnonymousText(Pseudonyms& pseudonyms) : pseudonyms_(pseudonyms) {}

    // Long numbers are replaced, also those written with spaces, dots, hyphens and parentheses.
    std::string with_letters(std::string_view text);
    // Every letter and every digit is replaced, but for those that C-escaping put there.
    std::string without_letters(std::string_view text);
    // As with_letters(), but for the end that makes a channel's name unique.
    std::string channel(std::string_view text);
    // Kept if it is a UUID or ends in seconds.counter, else as with_letters().
    std::string id(std::string_view text);
    // Kept if it is a time in seconds or in ISO 8601, else as with_letters().
    std::string moment(std::string_view text);

private:
    std::size_t take_address(std::string& out, std::string_view text, std::size_t at);
    std::size_t take_number(std::string& out, std::string_view text, std::size_t at);

    Pseudonyms& pseudonyms_;
};

} // namespace astcti::ami
