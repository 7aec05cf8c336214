// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace astcti::ami {

// Where in a block of bytes the two are that structure AMI: bit N is byte N. Lines are some
// twenty bytes long, so that asking for one line end after the other would cost more than to
// look at all bytes of a block at once.
struct ByteMarks {
    static constexpr std::size_t block = 64;

    std::uint64_t line_ends = 0;
    std::uint64_t colons = 0;
};

// Of the first `size` bytes, a block at most; a whole block must be readable.
inline ByteMarks mark_bytes(const char* bytes, std::size_t size) noexcept {
    ByteMarks marks;
#ifdef __SSE2__
    constexpr std::size_t width = 16;
    const auto equal = [](__m128i text, char wanted) {
        return static_cast<std::uint64_t>(static_cast<std::uint32_t>(
            _mm_movemask_epi8(_mm_cmpeq_epi8(text, _mm_set1_epi8(wanted)))));
    };
    for (std::size_t at = 0; at < ByteMarks::block; at += width) {
        __m128i text;
        __builtin_memcpy(&text, bytes + at, width);
        marks.line_ends |= equal(text, '\n') << at;
        marks.colons |= equal(text, ':') << at;
    }
#else
    for (std::size_t at = 0; at < ByteMarks::block; ++at) {
        marks.line_ends |= static_cast<std::uint64_t>(bytes[at] == '\n') << at;
        marks.colons |= static_cast<std::uint64_t>(bytes[at] == ':') << at;
    }
#endif
    if (size < ByteMarks::block) {
        const auto valid = (std::uint64_t{1} << size) - 1;
        marks.line_ends &= valid;
        marks.colons &= valid;
    }
    return marks;
}

} // namespace astcti::ami
