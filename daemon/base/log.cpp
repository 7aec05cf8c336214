// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/base/log.hpp"

#include <atomic>
#include <cstdlib>
#include <iterator>
#include <unistd.h>
#include <utility>

namespace astcti::base {
namespace {

std::atomic<LogLevel> current_level = LogLevel::info;

bool to_journal() noexcept {
    static const bool journal = std::getenv("JOURNAL_STREAM") != nullptr;
    return journal;
}

// If even standard error fails there is nobody left to tell.
void write_all(std::string_view lines) noexcept {
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, lines.data(), lines.size());
}

struct Held {
    bool is_on = false;
    std::string lines;
};
thread_local Held held;

} // namespace

void set_log_level(LogLevel level) noexcept {
    current_level = level;
}

bool is_logged(LogLevel level) noexcept {
    return level <= current_level;
}

void write_log(LogLevel level, std::string_view message) {
    std::string line;
    if (to_journal())
        fmt::format_to(std::back_inserter(line), "<{}>", static_cast<int>(level));
    for (const char c : message) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7F)
            fmt::format_to(std::back_inserter(line), "\\x{:02x}", byte);
        else
            line += c;
    }
    line += '\n';
    if (held.lines.size() + line.size() > LogBatch::max_size)
        write_all(std::exchange(held.lines, {}));
    if (held.is_on)
        held.lines += line;
    else // one write a line, so that lines of several threads do not mix
        write_all(line);
}

LogBatch::LogBatch() noexcept : is_first_(!std::exchange(held.is_on, true)) {}

LogBatch::~LogBatch() {
    if (!is_first_)
        return;
    held.is_on = false;
    if (!held.lines.empty())
        write_all(std::exchange(held.lines, {}));
}

std::string masked(std::string_view number) {
    constexpr std::size_t shown = 3;
    if (is_logged(LogLevel::debug) || number.size() <= shown)
        return std::string(number);
    return "…" + std::string(number.substr(number.size() - shown));
}

} // namespace astcti::base
