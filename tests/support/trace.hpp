// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/ami/packet_parser.hpp"
#include "daemon/calls/call_table.hpp"
#include "tests/support/files.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace astcti::test {

// The moment from which the traces' clock runs, in microseconds: shortly after their calls.
inline constexpr calls::Clock trace_start = 1795407000000000;

// Feeds what Asterisk sent to the parser and each packet to `use`, with a clock that moves by
// a millisecond a packet. Returns how many packets were malformed. The parser begins anew: for a
// fuzzer, to whom 128 KiB of memory for each input are most of the work, one does for all.
inline int each_packet(ami::PacketParser& parser, std::string_view bytes,
                       const std::function<void(const ami::Packet&, calls::Clock)>& use) {
    ami::Packet packet;
    parser.reset();
    int malformed = 0;
    auto now = trace_start;
    parser.feed(bytes);
    if (bytes.starts_with("Asterisk Call Manager/")) {
        std::string_view banner;
        parser.next_line(banner);
    }
    for (;;) {
        now += 1000;
        const auto status = parser.next(packet);
        if (status == ami::PacketParser::Status::packet)
            use(packet, now);
        else if (status == ami::PacketParser::Status::malformed)
            ++malformed;
        else
            return malformed;
    }
}

inline int each_packet(std::string_view bytes,
                       const std::function<void(const ami::Packet&, calls::Clock)>& use) {
    ami::PacketParser parser;
    return each_packet(parser, bytes, use);
}

} // namespace astcti::test
