// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ctl/json.hpp"

#include "protocol/utf8.hpp"

#include <fmt/format.h>

namespace astcti::ctl {
namespace {

std::string joined(const std::vector<std::string>& values, std::string_view separator) {
    return fmt::format("{}", fmt::join(values, separator));
}

// A byte that begins no character of UTF-8.
std::string from_latin1(unsigned char byte) {
    return {static_cast<char>(0xC0U | (byte >> 6U)), static_cast<char>(0x80U | (byte & 0x3FU))};
}

} // namespace

std::string json_text(std::string_view text) {
    std::string json = "\"";
    while (!text.empty()) {
        const auto length = protocol::utf8_length(text);
        const auto first = static_cast<unsigned char>(text.front());
        if (length == 0)
            json += from_latin1(first);
        else if (first == '"' || first == '\\')
            json += {'\\', text.front()};
        else if (first < 0x20 || first == 0x7F)
            json += fmt::format("\\u{:04x}", first);
        else
            json += text.substr(0, length);
        text.remove_prefix(length == 0 ? 1 : length);
    }
    return json + '"';
}

std::string json_text_or_null(std::string_view text) {
    return text.empty() ? "null" : json_text(text);
}

std::string json_array(const std::vector<std::string>& values) {
    return "[" + joined(values, ", ") + "]";
}

std::string json_object(const std::vector<std::pair<std::string_view, std::string>>& members) {
    std::vector<std::string> texts;
    texts.reserve(members.size());
    for (const auto& [name, value] : members)
        texts.push_back(json_text(name) + ": " + value);
    return "{" + joined(texts, ", ") + "}";
}

std::string json_lines(const std::vector<std::string>& values) {
    return values.empty() ? "[]\n" : "[\n" + joined(values, ",\n") + "\n]\n";
}

} // namespace astcti::ctl
