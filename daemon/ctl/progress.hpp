// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>

namespace astcti::ctl {

// "wrapping secrets: 1200 of 10000, 3 minutes left". Pure.
std::string progress_text(const std::string& what, std::size_t done, std::size_t total,
                          std::chrono::milliseconds since_start);

// Tells on standard error how far something is that takes longer than a second: on a terminal in
// one line that is written over, elsewhere a line now and then.
class Progress {
public:
    using Clock = std::function<std::chrono::steady_clock::time_point()>;
    using Write = std::function<void(const std::string&)>;

    static constexpr std::chrono::seconds patience{1};
    static constexpr std::chrono::milliseconds on_terminal{500};
    static constexpr std::chrono::seconds elsewhere{10};

    Progress(std::string what, std::size_t total);
    // For tests.
    Progress(std::string what, std::size_t total, bool terminal, Write write, Clock now);
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;
    ~Progress(); // leaves an empty line behind on a terminal

    void at(std::size_t done);

private:
    std::string what_;
    std::size_t total_;
    bool terminal_;
    Write write_;
    Clock now_;
    std::chrono::steady_clock::time_point start_;
    std::chrono::steady_clock::time_point next_;
    bool shown_ = false;
};

} // namespace astcti::ctl
