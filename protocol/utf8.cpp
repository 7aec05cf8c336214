// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/utf8.hpp"

namespace astcti::protocol {
namespace {

unsigned char byte(std::string_view text, std::size_t i) noexcept {
    return static_cast<unsigned char>(text[i]);
}

bool continues(std::string_view text, std::size_t i) noexcept {
    return i < text.size() && (byte(text, i) & 0xC0U) == 0x80U;
}

// `text` starts with a well-formed character of `length` bytes.
char32_t decode(std::string_view text, std::size_t length) noexcept {
    if (length == 1)
        return byte(text, 0);
    char32_t code = byte(text, 0) & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i)
        code = (code << 6U) | (byte(text, i) & 0x3FU);
    return code;
}

bool is_control(char32_t code) noexcept {
    return code < 0x20 || (code >= 0x7F && code < 0xA0);
}

// U+202A-202E and U+2066-2069 reorder what a person reads; U+FFFE/FFFF are not XML characters.
bool is_hidden(char32_t code) noexcept {
    return (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069) ||
           code == 0xFFFE || code == 0xFFFF;
}

void append_latin1(std::string& out, unsigned char value) {
    out += static_cast<char>(0xC0U | (value >> 6U));
    out += static_cast<char>(0x80U | (value & 0x3FU));
}

} // namespace

std::size_t utf8_length(std::string_view text) noexcept {
    if (text.empty())
        return 0;
    const auto first = byte(text, 0);
    if (first < 0x80)
        return 1;
    if (first < 0xC2)
        return 0;
    if (first < 0xE0)
        return continues(text, 1) ? 2 : 0;
    if (first < 0xF0) {
        if (!continues(text, 1) || !continues(text, 2))
            return 0;
        const auto second = byte(text, 1);
        const bool overlong = first == 0xE0 && second < 0xA0;
        const bool surrogate = first == 0xED && second >= 0xA0;
        return overlong || surrogate ? 0 : 3;
    }
    if (first > 0xF4 || !continues(text, 1) || !continues(text, 2) || !continues(text, 3))
        return 0;
    const auto second = byte(text, 1);
    const bool overlong = first == 0xF0 && second < 0x90;
    const bool too_big = first == 0xF4 && second >= 0x90;
    return overlong || too_big ? 0 : 4;
}

bool is_utf8(std::string_view text) noexcept {
    while (!text.empty()) {
        const auto length = utf8_length(text);
        if (length == 0)
            return false;
        text.remove_prefix(length);
    }
    return true;
}

bool is_clean_line(std::string_view text) noexcept {
    while (!text.empty()) {
        const auto length = utf8_length(text);
        if (length == 0 || is_control(decode(text, length)))
            return false;
        text.remove_prefix(length);
    }
    return true;
}

std::string cleaned(std::string_view text) {
    const bool unicode = is_utf8(text);
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const auto length = unicode ? utf8_length(text) : 1;
        const auto code = unicode ? decode(text, length) : char32_t{byte(text, 0)};
        if (code == '\n' || code == '\t')
            out += ' ';
        else if (is_control(code) || is_hidden(code))
            ;
        else if (unicode || code < 0x80)
            out += text.substr(0, length);
        else
            append_latin1(out, byte(text, 0));
        text.remove_prefix(length);
    }
    return out;
}

std::string_view cut(std::string_view text, std::size_t size) noexcept {
    if (text.size() <= size)
        return text;
    while (size > 0 && continues(text, size))
        --size;
    return text.substr(0, size);
}

} // namespace astcti::protocol
