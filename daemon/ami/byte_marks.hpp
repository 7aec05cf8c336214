// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace astcti::ami {

// So many bytes are looked at at once. Lines are some twenty bytes long, so that asking for one
// line end after the other would cost more.
inline constexpr std::size_t marks_block = 64;

// Where the line ends are in the first `size` bytes, a block at most: bit N is byte N. A whole
// block must be readable.
inline std::uint64_t mark_line_ends(const char* bytes, std::size_t size) noexcept {
    std::uint64_t marks = 0;
#ifdef __SSE2__
    constexpr std::size_t width = 16;
    for (std::size_t at = 0; at < marks_block; at += width) {
        __m128i text;
        __builtin_memcpy(&text, bytes + at, width);
        const auto mask = _mm_movemask_epi8(_mm_cmpeq_epi8(text, _mm_set1_epi8('\n')));
        marks |= static_cast<std::uint64_t>(static_cast<std::uint32_t>(mask)) << at;
    }
#else
    for (std::size_t at = 0; at < marks_block; ++at)
        marks |= static_cast<std::uint64_t>(bytes[at] == '\n') << at;
#endif
    if (size < marks_block)
        marks &= (std::uint64_t{1} << size) - 1;
    return marks;
}

// Where the first line end is; npos if there is none. Mostly it is near, and a call of memchr()
// costs more than this look.
inline std::size_t first_line_end(std::string_view text) noexcept {
    if (text.size() >= marks_block)
        if (const auto marks = mark_line_ends(text.data(), marks_block); marks != 0)
            return static_cast<std::size_t>(std::countr_zero(marks));
    return text.find('\n');
}

// As the first one.
inline std::size_t last_line_end(std::string_view text) noexcept {
    if (text.size() >= marks_block) {
        const auto marks = mark_line_ends(text.data() + text.size() - marks_block, marks_block);
        if (marks != 0)
            return text.size() - 1 - static_cast<std::size_t>(std::countl_zero(marks));
    }
    const auto* found = static_cast<const char*>(::memrchr(text.data(), '\n', text.size()));
    return found ? static_cast<std::size_t>(found - text.data()) : text.npos;
}

} // namespace astcti::ami
