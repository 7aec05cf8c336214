// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ami/packet_parser.hpp"

#include "daemon/ami/core_key.hpp"

#include <algorithm>
#include <utility>

namespace astcti::ami {
namespace {

static_assert(ReadBuffer::padding >= ByteMarks::block);
static_assert(ReadBuffer::padding >= PacketShape::readable);

} // namespace

// What was handed out is not to be used any more.
void PacketParser::go_on() noexcept {
    buffer_.go_on();
#ifndef NDEBUG
    ++*turn_;
#endif
}

void PacketParser::note_turn([[maybe_unused]] Packet& out) const noexcept {
#ifndef NDEBUG
    out.parser_turn_ = turn_;
    out.turn_ = *turn_;
#endif
}

std::span<char> PacketParser::room(std::size_t size) {
    go_on();
    return buffer_.room(size);
}

void PacketParser::feed(std::string_view bytes) {
    const auto to = room(bytes.size());
    std::copy(bytes.begin(), bytes.end(), to.begin());
    fed(bytes.size());
}

void PacketParser::reset() {
    go_on();
    buffer_.clear();
    scan_ = {};
    line_count_ = 0;
    is_cut_ = false;
    skipping_ = false;
    skipped_ = 0;
}

// Takes a packet, or a part of one, off the front of the buffer.
void PacketParser::take(std::size_t size) noexcept {
    buffer_.take(size);
    scan_.taken(size);
    line_count_ = 0;
}

// The size of the next packet with the empty line that ends it; 0 if it is not whole yet.
std::size_t PacketParser::find_end() noexcept {
    auto scan = scan_; // a copy can be held in registers
    auto count = line_count_;
    const auto text = buffer_.text();
    bool ended = false;
    Line line;
    while (scan.next(text, line)) {
        ended = line.is_empty() && !is_cut_;
        is_cut_ = false;
        if (ended)
            break;
        lines_[count] = line;
        count = std::min(count + 1, max_headers + 1);
    }
    scan_ = scan;
    line_count_ = count;
    return ended ? scan.begin() : 0;
}

PacketParser::Status PacketParser::next_line(std::string_view& line) {
    go_on();
    const auto text = buffer_.text();
    const auto end = text.find('\n');
    if (end == text.npos)
        return text.size() > max_banner_size ? Status::flooded : Status::need_more;
    line = text.substr(0, end);
    if (line.ends_with('\r'))
        line.remove_suffix(1);
    buffer_.take(end + 1);
    scan_ = {};
    return line.size() > max_banner_size ? Status::flooded : Status::packet;
}

PacketParser::Status PacketParser::next(Packet& out) {
    for (;;) {
        go_on();
        out.begin(0);
        note_turn(out);
        why_ = {};
        raw_ = {};
        const auto size = find_end();
        if (size == 0)
            return hold_or_skip();
        if (line_count_ == 0 && !skipping_) {
            take(size); // some versions send an empty line too many
            continue;
        }
        const auto text = buffer_.text().substr(0, size);
        const bool is_held = !skipping_ && size <= max_packet_size;
        if (is_held && !is_wanted(text)) {
            take(size);
            continue;
        }
        if (!skipping_)
            raw_ = text;
        if (is_held)
            read_headers(text, out);
        else
            why_ = "it is too long";
        skipping_ = false;
        skipped_ = 0;
        take(size);
        return why_.empty() ? Status::packet : Status::malformed;
    }
}

// Only an event that nobody needs is not: its name is in its first line.
bool PacketParser::is_wanted(std::string_view packet) const {
    constexpr std::string_view key = "Event: ";
    if (!interest_ || !packet.starts_with(key))
        return true;
    return interest_(packet.substr(key.size(), lines_[0].end - key.size()), packet);
}

void PacketParser::read_headers(std::string_view packet, Packet& out) {
    if (line_count_ > max_headers) {
        why_ = "it has too many headers";
        return;
    }
    const auto lines = std::span<const Line>(lines_).first(line_count_);
    if (lines.empty()) // the end of what was too long
        return;
    auto& shape = shapes_.like(packet, lines);
    out.begin(line_count_);
    if (shape.read(packet, lines, out))
        return;
    read_each_header(packet, out);
    if (why_.empty())
        shape.learn(packet, lines, out);
}

void PacketParser::read_each_header(std::string_view packet, Packet& out) {
    out.begin(line_count_);
    std::uint32_t seen = 0; // of the core keys
    for (const auto& line : std::span(lines_).first(line_count_)) {
        if (line.colon == Line::no_colon || line.colon == line.begin) {
            why_ = "a line is not a header";
            continue;
        }
        if (line.end - line.begin > max_header_size) {
            why_ = "a header is too long";
            continue;
        }
        const auto key = packet.substr(line.begin, line.colon - line.begin);
        auto value = packet.substr(line.colon + 1, line.end - line.colon - 1);
        if (value.starts_with(' '))
            value.remove_prefix(1);
        const auto core = core_key::bit_of(key);
        if ((seen & core) != 0)
            why_ = "it has a core header twice";
        seen |= core;
        out.add(key, value, number_of(key));
    }
    out.core_ = seen;
}

// There is no end of packet in the buffer. What is too long to be one is thrown away; of its last
// line so much is remembered as tells whether that one is empty.
PacketParser::Status PacketParser::hold_or_skip() noexcept {
    const auto size = buffer_.text().size();
    if (!skipping_ && size <= max_packet_size)
        return Status::need_more;
    skipping_ = true;
    const auto line = size - scan_.begin();
    const auto kept = line <= 1 ? line : 0; // this may become CR LF
    is_cut_ |= line > kept;
    skipped_ += size - kept;
    take(size - kept);
    return skipped_ > max_skipped ? Status::flooded : Status::need_more;
}

} // namespace astcti::ami
