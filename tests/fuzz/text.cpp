// SPDX-License-Identifier: GPL-3.0-or-later
// What Asterisk escapes comes back as it was, and whatever comes is fit to be shown.
#include "daemon/ami/text.hpp"

#include "tests/fuzz/fuzz.hpp"

#include <algorithm>
#include <string>

using namespace astcti;
using fuzz::must;

namespace {

// As main/utils.c, ast_escape_c: a backslash and a letter for what C writes so.
std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
        case '\a':
            out += "\\a";
            break;
        case '\b':
            out += "\\b";
            break;
        case '\f':
            out += "\\f";
            break;
        case '\n':
            out += "\\n";
            break;
        case '\r':
            out += "\\r";
            break;
        case '\t':
            out += "\\t";
            break;
        case '\v':
            out += "\\v";
            break;
        case '\\':
        case '\'':
        case '"':
        case '?':
            out += '\\';
            [[fallthrough]];
        default:
            out += c;
        }
    }
    return out;
}

// One character of well-formed UTF-8 off the front, by the table of RFC 3629; -1 if there is none.
long take_character(std::string_view& text) {
    const auto at = [&text](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
    };
    const auto first = at(0);
    const std::size_t size = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    constexpr long least[] = {0, 0, 0x80, 0x800, 0x10000};
    long value = size == 1 ? first : static_cast<long>(first & (0xFFU >> (size + 1)));
    if (first >= 0xF8 || (first >= 0x80 && first < 0xC0))
        return -1;
    for (std::size_t i = 1; i < size; ++i) {
        if ((at(i) & 0xC0U) != 0x80)
            return -1;
        value = value << 6 | static_cast<long>(at(i) & 0x3FU);
    }
    text.remove_prefix(size);
    const bool good =
        value >= least[size] && value <= 0x10FFFF && (value < 0xD800 || value > 0xDFFF);
    return good ? value : -1;
}

void check_clean(std::string_view text) {
    while (!text.empty()) {
        const auto character = take_character(text);
        must(character >= 0, "what is shown is UTF-8");
        must(character >= 0x20 && (character < 0x7F || character > 0x9F),
             "it has no control character");
        must(character < 0x202A || character > 0x202E, "nothing overrides its direction");
        must(character < 0x2066 || character > 0x2069, "nothing isolates a part of it");
        must(character != 0xFFFE && character != 0xFFFF, "XML may hold it");
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = fuzz::Input(data, size).rest();
    const auto sent = escaped(text);
    must(sent.find_first_of("\r\n") == sent.npos, "escaped text is one line");
    must(ami::unescape(sent) == text, "what Asterisk escaped comes back as it was");

    const auto once = ami::unescape(text);
    must(once.size() <= text.size(), "un-escaping makes nothing longer");
    const auto backslashes = std::ranges::count(text, '\\');
    must(backslashes > 0 || once == text, "text without a backslash stays as it is");

    const auto clean = ami::clean_text(text);
    check_clean(clean);
    check_clean(ami::clean_text(once));
    must(clean.empty() || clean == "<unknown>" || clean == "<null>" ||
             ami::clean_text(clean) == clean,
         "what is clean stays as it is");
    return 0;
}
