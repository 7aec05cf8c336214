// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/ami/packet.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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

    // Does anybody need an event of this name? The packet is as it came, with all its lines.
    using Interest = std::function<bool(std::string_view event, std::string_view packet)>;

    // Without, every event is handed out; with, those that nobody needs are passed over before
    // their headers are looked at. Most of what Asterisk says is such.
    void set_interest(Interest interest) { interest_ = std::move(interest); }

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

    // Forgets everything but the interest: a new connection begins.
    void reset();

private:
    std::size_t find_end();
    void go_on_at(std::size_t position) noexcept;
    void skip_empty_lines();
    bool is_wanted(std::string_view packet) const;
    std::string_view take_line() noexcept;
    void add_header(std::string_view line, Packet& out);
    Status finish(const Packet& out, std::size_t size);
    Status hold_or_skip();
    void drop(std::size_t count);

    std::string buffer_;
    std::size_t begin_ = 0;              // of what was not handed out yet
    std::size_t searched_ = 0;           // so far from there is no end of packet
    std::vector<std::size_t> line_ends_; // that were found there
    std::size_t skipped_ = 0;            // bytes of a packet that is too long, thrown away already
    bool skipping_ = false;
    std::string_view why_;
    std::string_view raw_;
    Interest interest_;
};

} // namespace astcti::ami
