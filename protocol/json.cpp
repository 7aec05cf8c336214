// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/json.hpp"

#include "protocol/utf8.hpp"

namespace astcti::protocol {
namespace {

std::string joined(const std::vector<std::string>& values) {
    std::string all;
    for (const auto& value : values)
        all += (all.empty() ? "" : ", ") + value;
    return all;
}

// The code point of a character of one byte, of a byte that begins none, or of a C1 control
// character (C2 80 to C2 9F); 256 for any other.
unsigned code_of(std::string_view character, bool is_utf8) noexcept {
    const auto first = static_cast<unsigned char>(character.front());
    if (character.size() == 1 || !is_utf8)
        return first;
    const auto second = static_cast<unsigned char>(character[1]);
    return first == 0xC2 && second < 0xA0 ? second : 256U;
}

std::string escaped(unsigned code) {
    constexpr std::string_view digits = "0123456789abcdef";
    return {'\\', 'u', '0', '0', digits[code >> 4U], digits[code & 0xFU]};
}

std::string from_latin1(unsigned code) {
    return {static_cast<char>(0xC0U | (code >> 6U)), static_cast<char>(0x80U | (code & 0x3FU))};
}

} // namespace

std::string json_text(std::string_view text) {
    std::string json = "\"";
    while (!text.empty()) {
        const auto length = utf8_length(text);
        const auto character = text.substr(0, length == 0 ? 1 : length);
        const auto code = code_of(character, length != 0);
        if (code == '"' || code == '\\')
            json += {'\\', character.front()};
        else if (code < 0x20 || (code >= 0x7F && code < 0xA0))
            json += escaped(code);
        else if (length == 0)
            json += from_latin1(code);
        else
            json += character;
        text.remove_prefix(character.size());
    }
    return json + '"';
}

std::string json_array(const std::vector<std::string>& values) {
    return "[" + joined(values) + "]";
}

std::string json_object(const std::vector<std::pair<std::string_view, std::string>>& members) {
    std::vector<std::string> texts;
    texts.reserve(members.size());
    for (const auto& [name, value] : members)
        texts.push_back(json_text(name) + ": " + value);
    return "{" + joined(texts) + "}";
}

} // namespace astcti::protocol
