// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/ami/packet.hpp"
#include "daemon/ami/packet_scan.hpp"
#include "daemon/ami/packet_shape.hpp"
#include "daemon/ami/read_buffer.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

namespace astcti::ami {

// Twice what Asterisk makes of one step of its dialplan (EXT_DATA_SIZE, 8192 bytes in main/pbx.c),
// and so of a variable: a limit below would let a caller's long text hide all events of his call,
// as channelvars= repeats it in each. What is longer was not made by Asterisk's dialplan.
inline constexpr std::size_t max_header_size = 16384;
inline constexpr std::size_t max_packet_size = PacketScan::max_size;
// Of a packet that is too long. A variable of 64 KiB costs its own packet, no more.
inline constexpr std::size_t max_skipped = 1048576;
inline constexpr std::size_t max_banner_size = 256;

// Turns the bytes of an AMI connection into packets. Knows nothing of sockets: the owner
// feeds what it read and asks for packets until there is none. Lines end with CR LF or LF,
// a packet with an empty line; further empty lines are skipped.
class PacketParser {
public:
    enum class Status {
        need_more, // no whole packet yet
        packet,    // `out` is the next packet
        malformed, // a packet was skipped, why() tells why; framing goes on at the next empty line
        flooded,   // no end of packet within max_skipped: drop the connection
    };

    // Does anybody need an event of this name? The packet is as it came, with all its lines.
    using Interest = std::function<bool(std::string_view event, std::string_view packet)>;

    PacketParser() = default;
    ~PacketParser() { go_on(); } // what it gave out is not valid any more
    PacketParser(const PacketParser&) = delete;
    PacketParser& operator=(const PacketParser&) = delete;

    // Without, every event is handed out; with, those that nobody needs are passed over before
    // their headers are looked at. Most of what Asterisk says is such.
    void set_interest(Interest interest) { interest_ = std::move(interest); }

    void feed(std::string_view bytes);

    // Instead of feed(): at least `size` bytes to read into, of which fed() says how many came.
    std::span<char> room(std::size_t size);
    void fed(std::size_t size) noexcept { buffer_.added(size); }

    // The first line of a connection, which is not a packet: "Asterisk Call Manager/11.0.0".
    // `flooded` if there is no line end within max_banner_size.
    Status next_line(std::string_view& line);

    Status next(Packet& out);

    // A sentence about the packet that was malformed.
    std::string_view why() const noexcept { return why_; }

    // The last packet, malformed or not, as it came and with the empty line that ends it; empty
    // if it was too long to be held. Valid until the next feed(), room() or next().
    std::string_view raw() const noexcept { return raw_; }

    // Where that lies, and the packet that an Interest is asked about. Whoever holds it keeps them.
    const std::shared_ptr<ReadMemory>& raw_memory() noexcept { return buffer_.keep(); }
    // Some that nobody holds any more, to be read into. May be null.
    void offer(std::shared_ptr<ReadMemory> spare) noexcept { buffer_.offer(std::move(spare)); }

    // Forgets everything but the interest: a new connection begins.
    void reset();

private:
    void take(std::size_t size) noexcept;
    bool is_wanted(std::string_view packet) const;
    void read_headers(const PacketLines& lines, Packet& out);
    void read_each_header(const PacketLines& lines, Packet& out);
    Status hold_or_skip() noexcept;
    void go_on() noexcept;
    void note_turn(Packet& out) const noexcept;

    ReadBuffer buffer_;
    PacketScan scan_; // of the packet that is not whole yet
    PacketShapes shapes_;

    std::size_t skipped_ = 0; // bytes of a packet that is too long, thrown away already
    bool skipping_ = false;
    std::string_view why_;
    std::string_view raw_;
    Interest interest_;
#ifndef NDEBUG
    std::shared_ptr<std::uint64_t> turn_ = std::make_shared<std::uint64_t>(0);
#endif
};

} // namespace astcti::ami
