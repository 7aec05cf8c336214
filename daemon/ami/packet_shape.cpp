// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ami/packet_shape.hpp"

#include "daemon/ami/packet_parser.hpp"

#include <algorithm>
#include <atomic>
#include <cstring>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace astcti::ami {
namespace {

// Which of the first bytes count: one bit for each.
constexpr std::uint16_t counting(std::size_t size) noexcept {
    return static_cast<std::uint16_t>((std::uint32_t{1} << std::min(size, PacketShape::readable)) -
                                      1);
}

// Behind the key and its colon.
constexpr std::string_view separator = ": ";

// Behind both `readable` bytes must be readable. No branch depends on the size of a usual key, as
// each header has another one.
bool same_bytes(const char* a, const char* b, std::size_t size,
                [[maybe_unused]] std::uint16_t counts) noexcept {
#ifdef __SSE2__
    constexpr std::size_t width = PacketShape::readable;
    const auto differing = [a, b](std::size_t at) {
        __m128i one;
        __m128i other;
        std::memcpy(&one, a + at, width);
        std::memcpy(&other, b + at, width);
        return ~static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(one, other)));
    };
    constexpr std::uint32_t all = (1U << width) - 1;
    if ((differing(0) & counts) != 0)
        return false;
    for (auto at = width; at < size; at += width)
        if ((differing(std::min(at, size - width)) & all) != 0)
            return false;
    return true;
#else
    return std::memcmp(a, b, size) == 0;
#endif
}

} // namespace

bool PacketShape::read(const PacketLines& lines, Packet& out) const noexcept {
    // In a packet of that size no header is too long.
    if (lines.size() != count_ || lines.packet().size() > max_header_size)
        return false;
    const auto ends = lines.ends();
    const char* packet = lines.packet().data();
    const char* line = packet;
    auto* header = out.headers_.data();
    for (std::size_t i = 0; i < ends.size(); ++i) {
        const auto& key = keys_[i];
        // There is no colon in a key, and no line end in key, colon and space: so they are what
        // they were, and on this line.
        if (!same_bytes(line, text_.data() + key.at, key.size, key.counts))
            return false;
        const char* value = line + key.size;
        const char* end = packet + ends[i];
        const auto size = end - value - static_cast<std::ptrdiff_t>(end[-1] == '\r');
        header[i] = {{line, key.size - separator.size()},
                     {value, static_cast<std::size_t>(size)},
                     key.number};
        line = end + 1;
    }
    out.count_ = ends.size();
    out.core_ = core_;
    out.shape_ = number_;
    return true;
}

void PacketShape::learn(const PacketLines& lines, const Packet& read) noexcept {
    count_ = 0;
    if (lines.size() > max_keys)
        return;
    std::size_t used = 0;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const auto& header = read.headers()[i];
        const auto key = lines[i].substr(0, header.key.size() + separator.size());
        if (key.size() > std::min<std::size_t>(UINT8_MAX, max_text - used) ||
            !key.ends_with(separator))
            return;
        std::copy(key.begin(), key.end(), text_.begin() + static_cast<std::ptrdiff_t>(used));
        keys_[i] = {static_cast<std::uint16_t>(used), counting(key.size()),
                    static_cast<std::uint8_t>(key.size()), header.number};
        used += key.size();
    }
    // Never the same twice, whichever parser: who reads packets may have several.
    static std::atomic<std::uint64_t> learned = 0;
    number_ = ++learned;
    core_ = read.core_;
    count_ = lines.size();
}

PacketShape& PacketShapes::like(const PacketLines& lines) {
    constexpr std::string_view usual = "Event: ";
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    const auto line = lines[0];
    if (line.size() >= usual.size() + 1) {
        std::memcpy(&first, line.data() + usual.size(), sizeof first);
        std::memcpy(&last, line.data() + line.size() - sizeof last, sizeof last);
    }
    constexpr std::uint64_t odd = 0x9E3779B97F4A7C15U;
    const auto mixed = (((first * odd) ^ last) + lines.size()) * odd;
    auto& shape = shapes_[mixed >> 57U];
    if (!shape)
        shape = std::make_unique<PacketShape>();
    return *shape;
}

} // namespace astcti::ami
