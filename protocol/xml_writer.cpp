// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/xml_writer.hpp"

#include "protocol/utf8.hpp"

namespace astcti::protocol {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD"; // U+FFFD
constexpr std::string_view fffe = "\xEF\xBF\xBE";
constexpr std::string_view ffff = "\xEF\xBF\xBF";

// How an ASCII character is written; empty: as it is.
std::string_view ascii_escape(char c) noexcept {
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&apos;";
    case '\t':
        return "&#9;";
    case '\n':
        return "&#10;";
    case '\r':
        return "&#13;";
    default:
        return static_cast<unsigned char>(c) < 0x20 ? replacement : std::string_view{};
    }
}

} // namespace

void append_escaped(std::string& out, std::string_view text) {
    while (!text.empty()) {
        const auto length = utf8_length(text);
        const auto character = text.substr(0, length == 0 ? 1 : length);
        if (length == 1) {
            const auto escape = ascii_escape(text.front());
            out += escape.empty() ? character : escape;
        } else if (length == 0 || character == fffe || character == ffff) {
            out += replacement;
        } else {
            out += character;
        }
        text.remove_prefix(character.size());
    }
}

void append_attribute(std::string& out, std::string_view name, std::string_view text) {
    out += ' ';
    out += name;
    out += "=\"";
    append_escaped(out, text);
    out += '"';
}

void append_element(std::string& out, std::string_view name, std::string_view text) {
    if (text.empty())
        return;
    out += '<';
    out += name;
    out += '>';
    append_escaped(out, text);
    out += "</";
    out += name;
    out += '>';
}

} // namespace astcti::protocol
