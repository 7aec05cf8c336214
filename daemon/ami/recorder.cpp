// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ami/recorder.hpp"

#include "daemon/ami/packet.hpp"
#include "daemon/ami/packet_parser.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <fmt/format.h>
#include <utility>

namespace astcti::ami {
namespace {

// Stands before each packet in a chunk.
struct Mark {
    std::int64_t time = 0;
    std::uint64_t size = 0;
};

constexpr std::string_view timestamp_key = "Timestamp";
constexpr std::size_t timestamp_size = 40; // "Timestamp: 1795407000.000000" and to spare

std::size_t empty_line_size(std::string_view packet) {
    return packet.ends_with("\r\n") ? 2 : packet.ends_with('\n') ? 1 : 0;
}

bool is_timestamp(std::string_view line) {
    return line.size() > timestamp_key.size() && line[timestamp_key.size()] == ':' &&
           same_key(line.substr(0, timestamp_key.size()), timestamp_key);
}

// One more header would make a packet at the parser's limits a malformed one.
bool takes_timestamp(std::string_view headers) {
    std::size_t lines = 0;
    const auto size = headers.size();
    while (!headers.empty()) {
        if (is_timestamp(headers))
            return false;
        ++lines;
        headers.remove_prefix(std::min(headers.find('\n'), headers.size() - 1) + 1);
    }
    return lines < max_headers && size + timestamp_size < max_packet_size;
}

void append_packet(std::string& out, std::string_view packet, std::int64_t time) {
    constexpr std::int64_t million = 1000000;
    const auto headers = packet.substr(0, packet.size() - empty_line_size(packet));
    out += headers;
    if (takes_timestamp(headers))
        fmt::format_to(std::back_inserter(out), "{}: {}.{:06}\r\n", timestamp_key, time / million,
                       time % million);
    out += packet.substr(headers.size());
}

void append_chunk(std::string& out, std::string_view chunk) {
    Mark mark;
    while (chunk.size() >= sizeof mark) {
        std::memcpy(&mark, chunk.data(), sizeof mark);
        append_packet(out, chunk.substr(sizeof mark, mark.size), mark.time);
        chunk.remove_prefix(sizeof mark + mark.size);
    }
}

} // namespace

void Recorder::connected(std::string_view banner, Time now) {
    Segment segment;
    segment.banner = banner;
    segment.is_connection = true;
    segment.began = now;
    add_segment(std::move(segment));
}

void Recorder::snapshot_asked(Time now) {
    if (segments_.empty())
        return;
    if (!segments_.back().has_snapshot) {
        segments_.back().has_snapshot = true; // the first of its connection
        return;
    }
    Segment segment;
    segment.banner = segments_.back().banner;
    segment.has_snapshot = true;
    segment.began = now;
    add_segment(std::move(segment));
}

void Recorder::received(std::string_view packet, Time now) {
    if (segments_.empty() || packet.empty())
        return;
    const Mark mark{now.count(), packet.size()};
    const auto size = sizeof mark + packet.size();
    if (size > chunk_size - last_.size())
        put_away();
    last_.reserve(chunk_size);
    last_.append(reinterpret_cast<const char*>(&mark), sizeof mark);
    last_ += packet;
    if (size > chunk_size) { // it has a chunk of its own, and last_ is as it was
        put_away();
        last_.shrink_to_fit();
    }
}

void Recorder::put_away() {
    if (last_.empty())
        return;
    add_chunk(std::max(last_.size(), chunk_size));
    segments_.back().chunks.back() = last_; // its memory is there already
    last_.clear();
}

void Recorder::add_segment(Segment segment) {
    if (!segments_.empty())
        put_away();
    const auto now = segment.began;
    segments_.push_back(std::move(segment));
    // The first is needed until the second alone reaches back far enough.
    while (segments_.size() > 1 && segments_[1].began + max_age <= now)
        drop_segment();
}

void Recorder::add_chunk(std::size_t size) {
    while (size_ + chunk_size + size > max_size && !segments_.empty()) {
        if (segments_.size() > 1)
            drop_segment();
        else if (!segments_.front().chunks.empty())
            drop_chunk();
        else
            break;
    }
    if (spare_.empty() || size != chunk_size) {
        spare_.clear();
        spare_.emplace_back().reserve(size);
    }
    size_ += spare_.front().capacity();
    auto& chunks = segments_.back().chunks;
    chunks.splice(chunks.end(), spare_);
}

void Recorder::drop_segment() {
    while (!segments_.front().chunks.empty())
        drop_first_chunk(segments_.front());
    segments_.pop_front();
}

void Recorder::drop_chunk() {
    drop_first_chunk(segments_.front());
    segments_.front().is_cut = true;
}

void Recorder::drop_first_chunk(Segment& segment) {
    auto& chunks = segment.chunks;
    size_ -= chunks.front().capacity();
    if (!spare_.empty() || chunks.front().capacity() != chunk_size) {
        chunks.pop_front();
        return;
    }
    chunks.front().clear();
    spare_.splice(spare_.end(), chunks, chunks.begin());
}

std::string Recorder::text() const {
    auto first = std::find_if(segments_.begin(), segments_.end(),
                              [](const Segment& segment) { return !segment.is_cut; });
    if (first == segments_.end())
        first = segments_.begin();
    std::string out;
    out.reserve(size_ + size_ / 8);
    for (auto segment = first; segment != segments_.end(); ++segment) {
        if (!segment->is_cut && (segment == first || segment->is_connection))
            out += segment->banner + "\r\n";
        for (const auto& chunk : segment->chunks)
            append_chunk(out, chunk);
    }
    append_chunk(out, last_);
    return out;
}

} // namespace astcti::ami
