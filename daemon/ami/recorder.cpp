// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ami/recorder.hpp"

#include "daemon/ami/packet.hpp"
#include "daemon/ami/packet_parser.hpp"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <fmt/format.h>
#include <utility>

namespace astcti::ami {
namespace {

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

// The size of the first one, with the empty line that ends it.
std::size_t first_packet(std::string_view packets) {
    std::size_t line = 0;
    for (auto end = packets.find('\n'); end != packets.npos; end = packets.find('\n', line)) {
        if (end == line || (end == line + 1 && packets[line] == '\r'))
            return end + 1;
        line = end + 1;
    }
    return packets.size();
}

void append_packets(std::string& out, std::string_view packets, std::int64_t time) {
    while (!packets.empty()) {
        const auto size = first_packet(packets);
        append_packet(out, packets.substr(0, size), time);
        packets.remove_prefix(size);
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

void Recorder::begin_run(std::string_view packet, const std::shared_ptr<ReadMemory>& memory,
                         Time now) {
    if (segments_.empty() || packet.empty())
        return;
    put_away();
    if (memory != memory_) {
        if (memory_ && !is_in_chunk(memory_))
            size_ -= memory_->capacity();
        memory_ = memory;
        size_ += memory->capacity();
        make_room();
    }
    last_ = {now, static_cast<std::uint32_t>(packet.data() - memory->data()),
             static_cast<std::uint32_t>(packet.size())};
    end_ = packet.data() + packet.size();
}

// The last run to where it is kept.
void Recorder::put_away() {
    if (last_.size == 0)
        return;
    auto& chunks = segments_.back().chunks;
    if (chunks.empty() || chunks.back().memory != memory_) {
        if (spare_.empty())
            spare_.emplace_back();
        spare_.front().memory = memory_;
        size_ += spare_.front().runs.capacity() * sizeof(Run);
        chunks.splice(chunks.end(), spare_);
    }
    auto& runs = chunks.back().runs;
    size_ -= runs.capacity() * sizeof(Run);
    runs.push_back(last_);
    size_ += runs.capacity() * sizeof(Run);
    last_.size = 0;
    make_room();
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

void Recorder::make_room() {
    while (size_ + ReadBuffer::kept_capacity > max_size) { // one is spare
        if (segments_.size() > 1)
            drop_segment();
        else if (!segments_.front().chunks.empty())
            drop_chunk();
        else
            break;
    }
}

void Recorder::drop_segment() {
    while (!segments_.front().chunks.empty())
        drop_first_chunk();
    segments_.pop_front();
}

void Recorder::drop_chunk() {
    drop_first_chunk();
    segments_.front().is_cut = true;
}

void Recorder::drop_first_chunk() {
    auto& chunks = segments_.front().chunks;
    auto& dropped = chunks.front();
    auto memory = std::move(dropped.memory);
    size_ -= dropped.runs.capacity() * sizeof(Run);
    dropped.runs.clear();
    if (spare_.empty())
        spare_.splice(spare_.end(), chunks, chunks.begin());
    else
        chunks.pop_front();
    if (memory == memory_ || is_in_chunk(memory))
        return;
    size_ -= memory->capacity();
    if (memory.use_count() > 1 || memory->capacity() < ReadBuffer::kept_capacity)
        return;
    // What a worker did with it, who had a copy of this, is done.
    std::atomic_thread_fence(std::memory_order_acquire);
    spare_memory_ = std::move(memory);
}

bool Recorder::is_in_chunk(const std::shared_ptr<ReadMemory>& memory) const noexcept {
    return std::ranges::any_of(segments_, [&memory](const Segment& segment) {
        return std::ranges::find(segment.chunks, memory, &Chunk::memory) != segment.chunks.end();
    });
}

std::string Recorder::text() const {
    auto first = std::find_if(segments_.begin(), segments_.end(),
                              [](const Segment& segment) { return !segment.is_cut; });
    if (first == segments_.end())
        first = segments_.begin();
    std::string out;
    out.reserve(size_ + size_ / 8);
    std::string packets;
    const auto append = [&](const std::shared_ptr<ReadMemory>& memory, const Run& run) {
        packets.clear();
        memory->append(packets, run.begin, run.size);
        append_packets(out, packets, run.time.count());
    };
    for (auto segment = first; segment != segments_.end(); ++segment) {
        if (!segment->is_cut && (segment == first || segment->is_connection))
            out += segment->banner + "\r\n";
        for (const auto& chunk : segment->chunks)
            for (const auto& run : chunk.runs)
                append(chunk.memory, run);
    }
    if (last_.size > 0)
        append(memory_, last_);
    return out;
}

} // namespace astcti::ami
