// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ami/packet_shape.hpp"

#include "daemon/ami/packet_parser.hpp"

#include <algorithm>
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

// Behind both `readable` bytes must be readable. No branch depends on the size of a usual key, as
// each header has another one.
bool same_bytes(const char* a, const char* b, std::size_t size,
                [[maybe_unused]] std::uint16_t counts) noexcept {
#ifdef __SSE2__
    constexpr std::size_t width = PacketShape::readable;
    __m128i one;
    __m128i other;
    std::memcpy(&one, a, width);
    std::memcpy(&other, b, width);
    const auto same = static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(one, other)));
    return (~same & counts) == 0 &&
           (size <= width || std::memcmp(a + width, b + width, size - width) == 0);
#else
    return std::memcmp(a, b, size) == 0;
#endif
}

} // namespace

bool PacketShape::read(std::string_view packet, std::span<const Line> lines,
                       Packet& out) const noexcept {
    // In a packet of that size no header is too long.
    if (lines.size() != count_ || packet.size() > max_header_size)
        return false;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const auto& line = lines[i];
        const auto& key = keys_[i];
        const char* begin = packet.data() + line.begin;
        // A line without a colon has it, so to say, very far away.
        if (line.colon - line.begin != key.size ||
            !same_bytes(begin, text_.data() + key.at, key.size, key.counts))
            return false;
        const auto value = line.colon + 1;
        const auto space = static_cast<std::uint32_t>(value < line.end && packet[value] == ' ');
        out.add({begin, key.size}, {packet.data() + value + space, line.end - value - space},
                key.number);
    }
    out.core_ = core_;
    return true;
}

void PacketShape::learn(std::string_view packet, std::span<const Line> lines,
                        const Packet& read) noexcept {
    count_ = 0;
    if (lines.size() > max_keys)
        return;
    std::size_t used = 0;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const auto key = packet.substr(lines[i].begin, lines[i].colon - lines[i].begin);
        if (key.size() > std::min<std::size_t>(UINT8_MAX, max_text - used))
            return;
        std::copy(key.begin(), key.end(), text_.begin() + static_cast<std::ptrdiff_t>(used));
        keys_[i] = {static_cast<std::uint16_t>(used), counting(key.size()),
                    static_cast<std::uint8_t>(key.size()), read.headers()[i].number};
        used += key.size();
    }
    core_ = read.core_;
    count_ = lines.size();
}

PacketShape& PacketShapes::like(std::string_view packet, std::span<const Line> lines) {
    constexpr std::string_view usual = "Event: ";
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    const auto end = lines.front().end;
    if (end >= usual.size() + 1) {
        std::memcpy(&first, packet.data() + usual.size(), sizeof first);
        std::memcpy(&last, packet.data() + end - sizeof last, sizeof last);
    }
    constexpr std::uint64_t odd = 0x9E3779B97F4A7C15U;
    const auto mixed = (((first * odd) ^ last) + lines.size()) * odd;
    auto& shape = shapes_[mixed >> 57U];
    if (!shape)
        shape = std::make_unique<PacketShape>();
    return *shape;
}

} // namespace astcti::ami
