// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ami/packet_parser.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace astcti::ami {
namespace {

// A caller can smuggle line ends into some values, and so further headers into an event: a
// second one of these means that the packet is not to be believed. (Others do repeat.)
// Shortest first.
constexpr std::array<std::string_view, 10> core_keys{
    "Event",     "Channel",     "Response",     "Uniqueid",     "Linkedid",
    "Privilege", "DestChannel", "DestUniqueid", "DestLinkedid", "BridgeUniqueid"};

constexpr std::size_t longest_core_key = core_keys.back().size();

// Where in core_keys those of a size begin; those of the next size are behind them.
constexpr auto core_keys_of_size = [] {
    std::array<std::uint8_t, longest_core_key + 2> first{};
    for (std::size_t size = 0; size < first.size(); ++size)
        while (first[size] < core_keys.size() && core_keys[first[size]].size() < size)
            ++first[size];
    return first;
}();

bool repeats_core_key(const Packet& packet) noexcept {
    std::uint32_t seen = 0;
    for (const auto& header : packet.headers()) {
        const auto size = header.key.size();
        if (size > longest_core_key)
            continue;
        for (std::size_t i = core_keys_of_size[size]; i < core_keys_of_size[size + 1]; ++i) {
            if (!same_key(header.key, core_keys[i]))
                continue;
            const auto bit = std::uint32_t{1} << i;
            if ((seen & bit) != 0)
                return true;
            seen |= bit;
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
    auto interest = std::move(interest_);
    *this = PacketParser{};
    interest_ = std::move(interest);
}

// Takes bytes off the front of the buffer.
void PacketParser::drop(std::size_t count) {
    buffer_.erase(0, count);
    begin_ -= std::min(begin_, count);
    for (auto& line_end : line_ends_)
        line_end -= std::min(line_end, count);
}

// Begins anew behind what has been dealt with.
void PacketParser::go_on_at(std::size_t position) noexcept {
    begin_ = position;
    searched_ = 0;
    line_ends_.clear();
}

// Where the empty line that ends the next packet is over; npos if there is none yet. Each
// byte is looked at once, however small the pieces are in which it came.
std::size_t PacketParser::find_end() {
    const std::string_view text(buffer_);
    auto at = begin_ + searched_;
    for (;;) {
        const auto line_end = text.find('\n', at);
        if (line_end == text.npos) {
            searched_ = text.size() - begin_;
            return text.npos;
        }
        auto next = line_end + 1;
        if (next < text.size() && text[next] == '\r')
            ++next;
        if (next >= text.size()) {
            searched_ = line_end - begin_; // what follows this line end decides
            return text.npos;
        }
        line_ends_.push_back(line_end);
        if (text[next] == '\n')
            return next + 1;
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
    for (;;) {
        out.headers_.clear();
        why_ = {};
        raw_ = {};
        skip_empty_lines();
        const auto end = find_end();
        if (end == std::string::npos)
            return hold_or_skip();

        const auto text = std::string_view(buffer_).substr(begin_, end - begin_);
        if (!is_wanted(text)) {
            go_on_at(end);
            continue;
        }
        if (!skipping_)
            raw_ = text;
        auto line_begin = begin_;
        for (const auto line_end : line_ends_) {
            auto line = std::string_view(buffer_).substr(line_begin, line_end - line_begin);
            if (line.ends_with('\r'))
                line.remove_suffix(1);
            if (!line.empty())
                add_header(line, out);
            line_begin = line_end + 1;
        }
        go_on_at(end);
        return finish(out, text.size());
    }
}

// Some versions send an empty line too many.
void PacketParser::skip_empty_lines() {
    while (begin_ < buffer_.size() && !skipping_ && line_ends_.empty()) {
        const auto rest = std::string_view(buffer_).substr(begin_);
        if (!rest.starts_with('\n') && !rest.starts_with("\r\n"))
            return;
        take_line();
        searched_ = 0;
    }
}

// Only an event that nobody needs is not: its name is in its first line.
bool PacketParser::is_wanted(std::string_view packet) const {
    constexpr std::string_view key = "Event: ";
    if (!interest_ || skipping_ || !packet.starts_with(key) || packet.size() > max_packet_size)
        return true;
    auto name = packet.substr(key.size(), line_ends_.front() - begin_ - key.size());
    if (name.ends_with('\r'))
        name.remove_suffix(1);
    return interest_(name, packet);
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
    go_on_at(begin_);
    return skipped_ > max_skipped ? Status::flooded : Status::need_more;
}

} // namespace astcti::ami
