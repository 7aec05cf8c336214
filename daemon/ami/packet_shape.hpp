// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/ami/key.hpp"
#include "daemon/ami/packet.hpp"
#include "daemon/ami/packet_scan.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace astcti::ami {

// The keys of a packet, in their order. Asterisk writes all events of a kind alike, so that most
// packets need only be compared with the one before of their kind: what is known of those keys is
// true of these.
class PacketShape {
public:
    // A packet with more of them, or longer ones, or without a space behind a colon, is read key
    // by key.
    static constexpr std::size_t max_keys = 64;
    static constexpr std::size_t max_text = 1024;
    // So many bytes behind the packet are read, whatever they are.
    static constexpr std::size_t readable = 16;

    // `out` is complete if the packet has this shape; else this gives false, and `out` is to be
    // begun anew.
    bool read(const PacketLines& lines, Packet& out) const noexcept;

    // From now on this is the shape of that packet, which had these lines and was in order.
    void learn(const PacketLines& lines, const Packet& read) noexcept;

private:
    // With the colon and the space behind it.
    struct Key {
        std::uint16_t at;     // in the text
        std::uint16_t counts; // of its first bytes, one bit for each that is there
        std::uint8_t size;
        KeyNumber number;
    };

    std::size_t count_ = 0;
    std::uint32_t core_ = 0;   // which core keys are among them
    std::uint64_t number_ = 0; // Packet::shape()
    std::array<Key, max_keys> keys_{};
    std::array<char, max_text + readable> text_{};
};

// The last shape of each kind: of the same first line, which is "Event: NAME", and as many lines.
class PacketShapes {
public:
    // What was learned of a packet like this; it may be of another kind.
    PacketShape& like(const PacketLines& lines);

private:
    // An Asterisk sends some 50 kinds of events, of some with varying lines; a kind that meets
    // another one in its place costs time, nothing else.
    static constexpr std::size_t places = 128;

    std::array<std::unique_ptr<PacketShape>, places> shapes_;
};

} // namespace astcti::ami
