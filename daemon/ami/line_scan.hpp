// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/ami/byte_marks.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace astcti::ami {

// A line of a text, by positions in it.
struct Line {
    static constexpr std::uint32_t no_colon = ~std::uint32_t{0};

    std::uint32_t begin = 0;
    std::uint32_t colon = no_colon; // the first one
    std::uint32_t end = 0;          // without its LF or CR LF

    bool is_empty() const noexcept { return begin == end; }
};

// Finds the lines of a text that grows at its end, and is shortened at its beginning. Looks at
// each byte once, however small the pieces are in which it came. The text is always given anew,
// as it may have moved; it must have ByteMarks::block readable bytes behind it, and be shorter
// than 4 GiB.
class LineScan {
public:
    // The next line; false if there is no whole one.
    bool next(std::string_view text, Line& line) noexcept {
        while (marks_.line_ends == 0)
            if (!mark_next_block(text))
                return false;
        const auto line_end = position(marks_.line_ends);
        // The colons up to the line end; of a line that began in another block its first one may
        // be known already.
        const auto before = (marks_.line_ends & -marks_.line_ends) - 1;
        note_colon(marks_.colons & before);
        marks_.colons &= ~before;
        marks_.line_ends &= marks_.line_ends - 1;

        auto end = line_end;
        if (end > begin_ && text[end - 1] == '\r')
            --end;
        line = {begin_, std::exchange(colon_, Line::no_colon), end};
        begin_ = line_end + 1;
        return true;
    }

    // Where the line begins that next() will find.
    std::size_t begin() const noexcept { return begin_; }

    // So many bytes were taken off the front of the text: the lines that were found, or more.
    void taken(std::size_t size) noexcept {
        block_ -= size; // may wrap around: what counts is its sum with a bit
        end_ -= size;
        begin_ = begin_ > size ? begin_ - static_cast<std::uint32_t>(size) : 0;
    }

private:
    std::uint32_t position(std::uint64_t marks) const noexcept {
        return static_cast<std::uint32_t>(block_ +
                                          static_cast<std::size_t>(std::countr_zero(marks)));
    }

    // Without a branch: whether a line is in one block or two is as good as chance.
    void note_colon(std::uint64_t colons) noexcept {
        const auto first = colons != 0 ? position(colons) : Line::no_colon;
        colon_ = std::min(colon_, first);
    }

    bool mark_next_block(std::string_view text) noexcept {
        note_colon(marks_.colons);
        const auto size = std::min(text.size() - end_, ByteMarks::block);
        marks_ = {};
        if (size == 0)
            return false;
        marks_ = mark_bytes(text.data() + end_, size);
        block_ = end_;
        end_ += size;
        return true;
    }

    std::size_t block_ = 0; // that the marks are in
    std::size_t end_ = 0;   // of it: everything before has been looked at
    ByteMarks marks_;       // that have not been dealt with
    std::uint32_t begin_ = 0;
    std::uint32_t colon_ = Line::no_colon; // the first one of the line that begins there
};

} // namespace astcti::ami
