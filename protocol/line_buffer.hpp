// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace astcti::protocol {

// Cuts a byte stream into lines ended by LF or CR LF. Holds at most the limit and one
// read; what goes beyond the limit is thrown away up to the next LF and reported once.
class LineBuffer {
public:
    enum class Status { need_more, line, too_long };

    // Memory that an empty one may keep.
    static constexpr std::size_t kept_capacity = 1024;

    explicit LineBuffer(std::size_t max_line) noexcept : max_line_(max_line) {}

    void feed(std::string_view bytes) { buffer_ += bytes; }

    // `line` is valid until the next call of feed() or next().
    Status next(std::string_view& line);

    // A line that is being thrown away stays so.
    void set_max_line(std::size_t size) noexcept { max_line_ = size; }

    std::size_t size() const noexcept { return buffer_.size() - begin_; }

private:
    Status discard();

    std::string buffer_;
    std::size_t begin_ = 0;   // of what was not yet handed out
    std::size_t scanned_ = 0; // no LF before here
    std::size_t max_line_;
    bool discarding_ = false;
};

} // namespace astcti::protocol
