// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/rules/rules_file.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>

namespace astcti::rules {

std::variant<std::string, RulesError> read_rules_text(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::string text(max_rules_file + 1, '\0');
    if (file)
        file.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (!file && !file.eof())
        return RulesError{{path + ": cannot be read: " + std::strerror(errno) +
                           "; mend the path or the file's permissions"}};
    text.resize(static_cast<std::size_t>(file.gcount()));
    return text;
}

std::variant<RulesFile, RulesError> read_rules_file(const std::string& path, Origin origin) {
    auto text = read_rules_text(path);
    if (auto* error = std::get_if<RulesError>(&text))
        return std::move(*error);
    return read_rules(std::get<std::string>(text), path, origin);
}

} // namespace astcti::rules
