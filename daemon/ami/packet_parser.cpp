// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ami/packet_parser.hpp"

#include <algorithm>
#include <array>

namespace astcti::ami {
namespace {

// A caller can smuggle line ends into some values, and so further headers into an event: a
// second one of these means that the packet is not to be believed. (Others do repeat.)
constexpr std::array<std::string_view, 10> core_keys{
    "Event",       "Response",     "Channel",      "Uniqueid",       "Linkedid",
    "DestChannel", "DestUniqueid", "DestLinkedid", "BridgeUniqueid", "Privilege"};

bool repeats_core_key(const Packet& packet) noexcept {
    std::array<bool, core_keys.size()> seen{};
    for (const auto& header : packet.headers()) {
        for (std::size_t i = 0; i < core_keys.size(); ++i) {
            if (!same_key(header.key, core_keys[i]))
                continue;
            if (seen[i])
                return true;
            seen[i] = true;
        }
    }
    return false;
}

} // namespace

void PacketParser::feed(std::string_view bytes) {
    if (begin_ == buffer_.size() || begin_ > max_packet_size)
        drop(begin_);
    buffer_ += bytes;
}

void PacketParser::reset() {
    *this = PacketParser{};
}

// Takes bytes off the front of the buffer.
void PacketParser::drop(std::size_t count) {
    buffer_.erase(0, count);
    begin_ -= std::min(begin_, count);
    searched_ -= std::min(searched_, count);
}

// Where the empty line that ends the next packet is over; npos if there is none yet. Each
// byte is looked at once, however small the pieces are in which it came.
std::size_t PacketParser::find_end() noexcept {
    const std::string_view text(buffer_);
    auto at = std::max(begin_, searched_);
    for (;;) {
        const auto line_end = text.find('\n', at);
        if (line_end == text.npos) {
            searched_ = text.size();
            return text.npos;
        }
        auto next = line_end + 1;
        if (next < text.size() && text[next] == '\r')
            ++next;
        if (next < text.size() && text[next] == '\n')
            return next + 1;
        if (next >= text.size()) {
            searched_ = line_end; // what follows this line end decides
            return text.npos;
        }
        at = line_end + 1;
    }
}

std::string_view PacketParser::take_line() noexcept {
    const auto end = buffer_.find('\n', begin_);
    auto line = std::string_view(buffer_).substr(begin_, end - begin_);
    begin_ = end + 1;
    if (line.ends_with('\r'))
        line.remove_suffix(1);
    return line;
}

PacketParser::Status PacketParser::next_line(std::string_view& line) {
    if (buffer_.find('\n', begin_) == std::string::npos)
        return buffer_.size() - begin_ > max_banner_size ? Status::flooded : Status::need_more;
    line = take_line();
    return line.size() > max_banner_size ? Status::flooded : Status::packet;
}

PacketParser::Status PacketParser::next(Packet& out) {
    out.headers_.clear();
    why_ = {};
    raw_ = {};
    while (begin_ < buffer_.size() && !skipping_) {
        // Some versions send an empty line too many.
        const auto rest = std::string_view(buffer_).substr(begin_);
        if (!rest.starts_with('\n') && !rest.starts_with("\r\n"))
            break;
        take_line();
    }
    const auto end = find_end();
    if (end == std::string::npos)
        return hold_or_skip();

    const auto size = end - begin_;
    if (!skipping_)
        raw_ = std::string_view(buffer_).substr(begin_, size);
    while (begin_ < end)
        if (const auto line = take_line(); !line.empty())
            add_header(line, out);
    searched_ = begin_;
    return finish(out, size);
}

void PacketParser::add_header(std::string_view line, Packet& out) {
    const auto colon = line.find(':');
    if (line.size() > max_header_size)
        why_ = "a header is too long";
    else if (colon == line.npos || colon == 0)
        why_ = "a line is not a header";
    else if (out.headers_.size() >= max_headers)
        why_ = "it has too many headers";
    else {
        auto value = line.substr(colon + 1);
        if (value.starts_with(' '))
            value.remove_prefix(1);
        out.headers_.push_back({line.substr(0, colon), value});
    }
}

PacketParser::Status PacketParser::finish(const Packet& out, std::size_t size) {
    if (skipping_ || size > max_packet_size) {
        skipping_ = false;
        skipped_ = 0;
        why_ = "it is too long";
    } else if (why_.empty() && repeats_core_key(out)) {
        why_ = "it has a core header twice";
    }
    return why_.empty() ? Status::packet : Status::malformed;
}

// There is no end of packet in the buffer. What is too long to be one is thrown away but
// for its last bytes, which may be the first half of the empty line.
PacketParser::Status PacketParser::hold_or_skip() {
    constexpr std::size_t kept = 2;
    const auto size = buffer_.size() - begin_;
    if (!skipping_ && size <= max_packet_size)
        return Status::need_more;
    skipping_ = true;
    const auto gone = size > kept ? size - kept : 0;
    skipped_ += gone;
    drop(begin_ + gone);
    searched_ = begin_;
    return skipped_ > max_skipped ? Status::flooded : Status::need_more;
}

} // namespace astcti::ami
