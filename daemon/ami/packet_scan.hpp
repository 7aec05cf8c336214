// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/ami/byte_marks.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace astcti::ami {

// Asterisk's own events have 70 headers at most, but channelvars= adds one for each variable.
inline constexpr std::size_t max_headers = 512;

// The lines of a packet, without the empty one. Refers to the packet and to where its line ends
// are.
class PacketLines {
public:
    PacketLines(std::string_view packet, std::span<const std::uint32_t> ends) noexcept
        : packet_(packet), ends_(ends) {}

    std::string_view packet() const noexcept { return packet_; }
    // Of each line its LF.
    std::span<const std::uint32_t> ends() const noexcept { return ends_; }
    std::size_t size() const noexcept { return ends_.size(); }

    // Without its LF or CR LF.
    std::string_view operator[](std::size_t at) const noexcept {
        const auto begin = at == 0 ? 0 : ends_[at - 1] + 1;
        const auto line = packet_.substr(begin, ends_[at] - begin);
        return line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
    }

private:
    std::string_view packet_;
    std::span<const std::uint32_t> ends_;
};

// Finds where packets end, which is at an empty line, in a text that grows at its end, and is
// shortened at its beginning. Looks at each byte once, however small the pieces are in which it
// came, and keeps where line ends are as the marks of whole blocks: most packets are passed over,
// and nobody asks for their lines. The text is always given anew, as it may have moved; it must
// have marks_block readable bytes behind it, and be shorter than 4 GiB.
class PacketScan {
public:
    // Of packets up to this size the lines are known.
    static constexpr std::size_t max_size = 65536;
    // Of a packet with more lines that there is one too many.
    static constexpr std::size_t max_lines = max_headers + 1;

    // The size of the packet at the beginning of the text, with the empty line that ends it; 0 if
    // it is not whole yet. Of one that was found it is to be told that it was taken().
    std::size_t next(std::string_view text) noexcept {
        for (;;) {
            for (; maybe_empty_ != 0; maybe_empty_ &= maybe_empty_ - 1) {
                const auto bit = static_cast<std::size_t>(std::countr_zero(maybe_empty_));
                const auto end = static_cast<std::uint32_t>(block_ + bit);
                if (end == 0 || text[end - 1] == '\n' || text[end - 1] == '\r')
                    return end + 1;
                // else it is a line of one byte
            }
            if (!(end_ - block_ == marks_block && text.size() - end_ >= marks_block
                      ? mark_blocks(text)
                      : mark_next(text)))
                return 0;
        }
    }

    // Where the lines end of a packet that next() found, of at most max_size. Valid until then.
    std::span<const std::uint32_t> line_ends() noexcept {
        auto* at = ends_.data();
        auto position = static_cast<std::uint32_t>(block_ - count_ * marks_block);
        for (std::size_t i = 0; i < count_; ++i, position += marks_block)
            at = note(marks_[i], position, at);
        const auto before_empty = (maybe_empty_ & -maybe_empty_) - 1;
        at = note(marks_[count_] & before_empty, position, at);
        return {ends_.data(), at};
    }

    // After a next() that found none: how many bytes of the text's last line are needed to see
    // whether it is an empty one. It is no more than one, which may be a CR.
    std::size_t needed() const noexcept { return before_ == 1 ? 1 : 0; }

    // So many bytes were taken off the front of the text: a packet, or all but needed().
    void taken(std::size_t size) noexcept {
        block_ -= size; // may wrap around: what counts is its sum with a bit
        end_ -= size;
        // Of the block that the next packet begins in, what is behind that beginning.
        const auto gone = std::size_t{0} - block_;
        const auto behind = gone < marks_block ? ~std::uint64_t{0} << gone : 0;
        maybe_empty_ &= behind;
        marks_[0] = marks_[count_] & behind;
        count_ = 0;
    }

private:
    // Whole blocks, up to one that may have an empty line.
    bool mark_blocks(std::string_view text) noexcept {
        auto before = before_;
        auto at = end_;
        do {
            const auto marks = mark_line_ends(text.data() + at, marks_block);
            at += marks_block;
            count_ = std::min(count_ + 1, max_blocks);
            marks_[count_] = marks;
            maybe_empty_ = marks & (marks << 1U | marks << 2U | before | before >> 1U);
            before = marks >> (marks_block - 2);
        } while (maybe_empty_ == 0 && text.size() - at >= marks_block);
        before_ = before;
        end_ = at;
        block_ = at - marks_block;
        return true;
    }

    // Of the next bytes, so many as there are or as the block has room for.
    bool mark_next(std::string_view text) noexcept {
        const auto more = text.size() - end_;
        if (more == 0)
            return false;
        auto filled = end_ - block_;
        if (filled == marks_block) {
            block_ = end_;
            filled = 0;
            count_ = std::min(count_ + 1, max_blocks);
            marks_[count_] = 0;
        }
        const auto size = std::min(more, marks_block - filled);
        const auto marks = mark_line_ends(text.data() + end_, size);
        const auto near = marks << 1U | marks << 2U | before_ | before_ >> 1U;
        maybe_empty_ = (marks & near) << filled;
        before_ = size > 1 ? marks >> (size - 2) & 3U : marks << 1U | before_ >> 1U;
        marks_[count_] |= marks << filled;
        end_ += size;
        return true;
    }

    // Puts the marks of a block at that position behind what is there.
    std::uint32_t* note(std::uint64_t marks, std::uint32_t position, std::uint32_t* at) noexcept {
        // Without a branch: whether a block has two line ends or four is as good as chance.
        constexpr int usual = 4;
        constexpr auto last = std::uint64_t{1} << 63U; // that there be one
        const auto put = [&] {
            *at = position + static_cast<std::uint32_t>(std::countr_zero(marks | last));
            at += static_cast<std::size_t>(marks != 0);
            marks &= marks - 1;
        };
        for (int i = 0; i < usual; ++i)
            put();
        while (marks != 0)
            put();
        return std::min(at, ends_.data() + max_lines);
    }

    static constexpr std::size_t max_blocks = max_size / marks_block + 1;

    std::size_t block_ = 0; // the last one
    std::size_t end_ = 0;   // everything before has been looked at
    // Of the last block the line ends that are right behind another, or one byte further, and have
    // not been looked at.
    std::uint64_t maybe_empty_ = 0;
    // Whether the last two bytes before the end are line ends. A packet begins behind one.
    std::uint64_t before_ = 2;
    // The line ends of the packet's blocks, of which its beginning is somewhere in the first.
    std::size_t count_ = 0;
    std::array<std::uint64_t, max_blocks + 1> marks_{};
    std::array<std::uint32_t, max_lines + marks_block + 1> ends_{};
};

} // namespace astcti::ami
