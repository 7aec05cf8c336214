// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/config/config.hpp"

#include <array>
#include <utility>

namespace astcti::config {
namespace {

std::string to_text(const std::vector<Fault>& faults) {
    std::string text;
    for (const auto& fault : faults) {
        if (!text.empty())
            text += '\n';
        text += to_text(fault);
    }
    return text;
}

} // namespace

std::optional<LogLevel> read_log_level(std::string_view name) noexcept {
    using Named = std::pair<std::string_view, LogLevel>;
    static constexpr std::array<Named, 5> levels{{{"error", LogLevel::error},
                                                  {"warning", LogLevel::warning},
                                                  {"notice", LogLevel::notice},
                                                  {"info", LogLevel::info},
                                                  {"debug", LogLevel::debug}}};
    for (const auto& [text, level] : levels)
        if (text == name)
            return level;
    return std::nullopt;
}

std::optional<std::string> LocalUsers::account_of(std::string_view unix_user) const {
    if (const auto found = accounts.find(unix_user); found != accounts.end())
        return found->second;
    if (same_name)
        return std::string{unix_user};
    return std::nullopt;
}

std::string to_text(const Fault& fault) {
    auto text = fault.file;
    if (fault.line != 0)
        text += ':' + std::to_string(fault.line);
    text += ": " + fault.what;
    if (!fault.advice.empty())
        text += "; " + fault.advice;
    return text;
}

ConfigError::ConfigError(std::vector<Fault> faults)
    : std::runtime_error(to_text(faults)), faults_(std::move(faults)) {}

} // namespace astcti::config
