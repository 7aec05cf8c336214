// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/ami/packet.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace astcti::ami {

// Asterisk's own lines are far shorter; these bound what a broken or hostile peer costs.
inline constexpr std::size_t max_header_size = 16384;
inline constexpr std::size_t max_headers = 512;
inline constexpr std::size_t max_packet_size = 65536;
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

    void feed(std::string_view bytes);

    // The first line of a connection, which is not a packet: "Asterisk Call Manager/11.0.0".
    // `flooded` if there is no line end within max_banner_size.
    Status next_line(std::string_view& line);

    Status next(Packet& out);

    // A sentence about the packet that was malformed.
    std::string_view why() const noexcept { return why_; }

    // The last packet, malformed or not, as it came and with the empty line that ends it; empty
    // if it was too long to be held. Valid until the next feed() or next().
    std::string_view raw() const noexcept { return raw_; }

    // Forgets everything: a new connection begins.
    void reset();

private:
    std::size_t find_end() noexcept;
    std::string_view take_line() noexcept;
    void add_header(std::string_view line, Packet& out);
    Status finish(const Packet& out, std::size_t size);
    Status hold_or_skip();
    void drop(std::size_t count);

    std::string buffer_;
    std::size_t begin_ = 0;    // of what was not handed out yet
    std::size_t searched_ = 0; // no end of packet between begin_ and here
    std::size_t skipped_ = 0;  // bytes of a packet that is too long, thrown away already
    bool skipping_ = false;
    std::string_view why_;
    std::string_view raw_;
};

} // namespace astcti::ami
