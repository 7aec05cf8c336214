// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ctl/progress.hpp"

#include <cstdint>
#include <cstdio>
#include <fmt/format.h>
#include <unistd.h>
#include <utility>

namespace astcti::ctl {
namespace {

constexpr const char* erase_line = "\r\x1B[K";

void write_to_stderr(const std::string& text) {
    std::fputs(text.c_str(), stderr);
}

std::string in_words(std::int64_t seconds) {
    constexpr std::int64_t minute = 60;
    if (seconds < 2 * minute)
        return fmt::format("{} s", seconds);
    return fmt::format("{} minutes", (seconds + minute / 2) / minute);
}

} // namespace

std::string progress_text(const std::string& what, std::size_t done, std::size_t total,
                          std::chrono::milliseconds since_start) {
    auto text = fmt::format("{}: {} of {}", what, done, total);
    if (done == 0 || done >= total)
        return text;
    const auto left = since_start.count() * static_cast<std::int64_t>(total - done) /
                      static_cast<std::int64_t>(done);
    return text + fmt::format(", {} left", in_words(left / 1000 + 1));
}

Progress::Progress(std::string what, std::size_t total)
    : Progress(std::move(what), total, ::isatty(STDERR_FILENO) == 1, write_to_stderr,
               &std::chrono::steady_clock::now) {}

Progress::Progress(std::string what, std::size_t total, bool terminal, Write write, Clock now)
    : what_(std::move(what)), total_(total), terminal_(terminal), write_(std::move(write)),
      now_(std::move(now)), start_(now_()), next_(start_ + patience) {}

Progress::~Progress() {
    if (shown_ && terminal_)
        write_(erase_line);
}

void Progress::at(std::size_t done) {
    const auto now = now_();
    if (now < next_)
        return;
    next_ = now + (terminal_ ? std::chrono::milliseconds(on_terminal) : elsewhere);
    shown_ = true;
    const auto text = progress_text(
        what_, done, total_, std::chrono::duration_cast<std::chrono::milliseconds>(now - start_));
    write_(terminal_ ? erase_line + text : text + "\n");
}

} // namespace astcti::ctl
