// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <fmt/format.h>
#include <string>
#include <string_view>
#include <utility>

namespace astcti::base {

// The numbers are syslog's (RFC 5424), which the journal understands.
enum class LogLevel { error = 3, warning = 4, notice = 5, info = 6, debug = 7 };

// What is less important than `level` is not written. Set once at start.
void set_log_level(LogLevel level) noexcept;
bool is_logged(LogLevel level) noexcept;

// Writes one line to standard error, with the journal's <N> prefix if that is where it
// goes. Control characters are written as \xNN, so what a stranger sent stays one line.
void write_log(LogLevel level, std::string_view message);

// Only owners log (daemon, connection table, AMI client); pure code never does.
template <typename... Args>
void log(LogLevel level, fmt::format_string<Args...> format, Args&&... args) {
    if (is_logged(level))
        write_log(level, fmt::format(format, std::forward<Args>(args)...));
}

// While there is one, this thread's lines are written together, when it ends or there are many of
// them: a line costs a system call, and whoever reads the log a wake-up.
class LogBatch {
public:
    // A pipe takes so much in one piece (PIPE_BUF), so that lines of several threads do not mix.
    static constexpr std::size_t max_size = 4096;

    LogBatch() noexcept;
    ~LogBatch();
    LogBatch(const LogBatch&) = delete;

private:
    bool is_first_; // of those on the stack
};

// A caller's number is personal data: above debug level its last three digits are told.
std::string masked(std::string_view number);

} // namespace astcti::base
