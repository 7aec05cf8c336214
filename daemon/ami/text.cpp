// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ami/text.hpp"

#include "protocol/utf8.hpp"

namespace astcti::ami {
namespace {

// The characters of ast_escape_c and what they stand for.
constexpr std::string_view letters = "abfnrtv\\'\"?";
constexpr std::string_view values = "\a\b\f\n\r\t\v\\'\"?";

} // namespace

std::string unescape(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto letter = text[i] == '\\' && i + 1 < text.size() ? letters.find(text[i + 1])
                                                                   : std::string_view::npos;
        if (letter == std::string_view::npos) {
            out += text[i];
        } else {
            out += values[letter];
            ++i;
        }
    }
    return out;
}

std::string clean_text(std::string_view text) {
    if (text == "<unknown>" || text == "<null>")
        return {};
    return protocol::cleaned(text);
}

} // namespace astcti::ami
