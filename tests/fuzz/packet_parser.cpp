// SPDX-License-Identifier: GPL-3.0-or-later
// The same bytes give the same packets, in whatever pieces they come.
#include "daemon/ami/packet_parser.hpp"

#include "tests/fuzz/fuzz.hpp"

#include <string>

using namespace astcti;
using fuzz::must;
using Status = ami::PacketParser::Status;

namespace {

// Stands for so many letters, that the limits are within reach of a short input.
constexpr char many = '\x7F';
constexpr std::size_t how_many = 9000;
constexpr std::size_t max_many = 9; // more than max_packet_size, and less than max_skipped
// Byte by byte only what is short: it is for the places where a packet may be cut.
constexpr std::size_t max_by_byte = 300;

std::string expanded(std::string_view bytes, bool is_long) {
    std::string out;
    out.reserve(bytes.size());
    std::size_t count = 0;
    for (const char c : bytes)
        if (c != many || !is_long)
            out += c;
        else if (++count <= max_many)
            out.append(how_many, 'x');
    return out;
}

// Writes down what the parser makes of the bytes that it has.
Status take(ami::PacketParser& parser, std::string& out) {
    ami::Packet packet;
    for (;;) {
        const auto status = parser.next(packet);
        if (status == Status::need_more || status == Status::flooded)
            return status;
        if (status == Status::malformed) {
            must(!parser.why().empty(), "a packet that is dropped has a reason");
            out.append("malformed: ").append(parser.why()).append("\n");
            continue;
        }
        must(parser.raw().size() <= ami::max_packet_size, "a packet is not longer than allowed");
        must(packet.headers().size() <= ami::max_headers, "it has no more headers than allowed");
        for (const auto& header : packet.headers()) {
            must(!header.key.empty(), "a header has a key");
            must(header.key.find_first_of(":\n") == header.key.npos, "a key ends at the colon");
            must(header.value.find('\n') == header.value.npos, "a value ends with its line");
            out.append(header.key).append("=").append(header.value).append("\n");
        }
        out += "--\n";
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Input input(data, size);
    const auto how = input.byte();
    const bool interest = (how & 1U) != 0;
    const std::string cuts(input.bytes(4));
    const auto text = expanded(input.rest(), how >= 0xF0);
    const auto parse = [&text, interest](auto next_size, std::string& out) {
        // One for all: its 128 KiB of memory would be most of the work, and a connection that
        // begins anew must find nothing of the one before.
        static ami::PacketParser parser;
        parser.reset();
        parser.set_interest([interest](std::string_view event, std::string_view) {
            return !interest || event != "VarSet"; // as the daemon: by its name
        });
        auto status = Status::need_more;
        for (std::string_view rest = text; !rest.empty() && status == Status::need_more;) {
            const auto piece = rest.substr(0, next_size());
            rest.remove_prefix(piece.size());
            parser.feed(piece);
            status = take(parser, out);
        }
        must(status == Status::need_more, "what is shorter than the limit is no flood");
    };
    std::string whole;
    parse([&text] { return text.size(); }, whole);
    std::string in_pieces;
    parse(
        [&cuts, i = std::size_t{0}]() mutable {
            return cuts.empty() ? 1U : 1U + static_cast<unsigned char>(cuts[i++ % cuts.size()]);
        },
        in_pieces);
    must(whole == in_pieces, "the same packets come out of pieces");
    if (text.size() > max_by_byte)
        return 0;
    std::string by_byte;
    parse([] { return 1U; }, by_byte);
    must(whole == by_byte, "the same packets come out of single bytes");
    return 0;
}
