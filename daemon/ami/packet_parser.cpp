// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ami/packet_parser.hpp"

#include "daemon/ami/core_key.hpp"

#include <algorithm>
#include <utility>

namespace astcti::ami {
namespace {

static_assert(ReadBuffer::padding >= marks_block);
static_assert(ReadBuffer::padding >= PacketShape::readable);

constexpr std::string_view empty_line = "\r\n";

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
    skipping_ = false;
    skipped_ = 0;
}

// Takes a packet, or a part of one, off the front of the buffer.
void PacketParser::take(std::size_t size) noexcept {
    buffer_.take(size);
    scan_.taken(size);
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
        const auto size = scan_.next(buffer_.text());
        if (size == 0)
            return hold_or_skip();
        if (size <= empty_line.size() && !skipping_) {
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
            read_headers({text, scan_.line_ends()}, out);
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
    auto event = packet.substr(key.size(), first_line_end(packet) - key.size());
    if (event.ends_with('\r'))
        event.remove_suffix(1);
    return interest_(event, packet);
}

void PacketParser::read_headers(const PacketLines& lines, Packet& out) {
    if (lines.size() > max_headers) {
        why_ = "it has too many headers";
        return;
    }
    auto& shape = shapes_.like(lines);
    out.begin(lines.size());
    if (shape.read(lines, out))
        return;
    read_each_header(lines, out);
    if (why_.empty())
        shape.learn(lines, out);
}

void PacketParser::read_each_header(const PacketLines& lines, Packet& out) {
    out.begin(lines.size());
    std::uint32_t seen = 0; // of the core keys
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const auto line = lines[i];
        const auto colon = line.find(':');
        if (colon == line.npos || colon == 0) {
            why_ = "a line is not a header";
            continue;
        }
        if (line.size() > max_header_size) {
            why_ = "a header is too long";
            continue;
        }
        const auto key = line.substr(0, colon);
        auto value = line.substr(colon + 1);
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

// There is no end of packet in the buffer. What is too long to be one is thrown away, but for what
// tells whether its last line is empty.
PacketParser::Status PacketParser::hold_or_skip() noexcept {
    const auto size = buffer_.text().size();
    if (!skipping_ && size <= max_packet_size)
        return Status::need_more;
    skipping_ = true;
    const auto thrown_away = size - scan_.needed();
    skipped_ += thrown_away;
    take(thrown_away);
    return skipped_ > max_skipped ? Status::flooded : Status::need_more;
}

} // namespace astcti::ami
