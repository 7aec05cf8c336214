// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/ami/read_buffer.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace astcti::ami {

// The last minutes of what one PBX's manager connections received, for the support case that
// asks what Asterisk really said. Kept as it came, where it was read: the memory is the parser's,
// which goes on with other memory when that is full. Everything else is done when somebody asks
// for it. A copy of a recorder is a recording of its own; the memory is the same, as it does not
// change any more.
//
// What is kept is divided where the list of channels was asked for: only from there on do the
// events tell a whole story. The owner gives nothing before the login succeeded, so no secret
// and no challenge gets in.
class Recorder {
public:
    using Time = std::chrono::microseconds; // since 1970

    static constexpr std::size_t max_size = 16U << 20U; // bytes of memory
    // What is older goes, whole segments at a time: so long as the list of channels is asked for
    // again and again, not more than that and the time between two of them is kept.
    static constexpr Time max_age = std::chrono::minutes(15);

    // A connection has logged in. Its first line is in the recording.
    void connected(std::string_view banner, Time now);
    // The list of channels has been asked for.
    void snapshot_asked(Time now);
    // A packet with the empty line at its end, malformed or not, and the memory that it is in.
    void received(std::string_view packet, const std::shared_ptr<ReadMemory>& memory, Time now) {
        // What one read brought lies side by side.
        if (packet.data() == end_ && now == last_.time && last_.size > 0) {
            last_.size += static_cast<std::uint32_t>(packet.size());
            end_ += packet.size();
        } else {
            begin_run(packet, memory, now);
        }
    }

    bool is_empty() const noexcept { return segments_.empty(); }
    std::size_t size() const noexcept { return size_; }

    // Memory that nobody holds any more: once there is as much as is ever kept, it is neither
    // taken nor given back. Null if there is none.
    std::shared_ptr<ReadMemory> take_spare() noexcept { return std::move(spare_memory_); }

    // As Asterisk sent it with timestampevents=yes, but for the Timestamp being the last header:
    // the banner line of each connection, and its packets. Begins with a banner, and so with a
    // list of channels, unless more came since the only one than could be kept.
    std::string text() const;

private:
    // Packets side by side that were received at one time.
    struct Run {
        Time time{};
        std::uint32_t begin = 0; // in their memory
        std::uint32_t size = 0;
    };
    struct Chunk {
        std::shared_ptr<ReadMemory> memory; // of which another chunk may have other parts
        std::vector<Run> runs;
    };
    struct Segment {
        std::string banner;
        bool is_connection = false; // begins with one
        bool has_snapshot = false;
        bool is_cut = false; // its beginning is gone
        Time began{};
        std::list<Chunk> chunks;
    };

    void begin_run(std::string_view packet, const std::shared_ptr<ReadMemory>& memory, Time now);
    void put_away();
    void add_segment(Segment segment);
    void make_room();
    void drop_segment();
    void drop_chunk();
    void drop_first_chunk();
    bool is_in_chunk(const std::shared_ptr<ReadMemory>& memory) const noexcept;

    std::deque<Segment> segments_;
    // The last segment's last run, which goes on, its memory, and where it ends there.
    Run last_;
    std::shared_ptr<ReadMemory> memory_;
    const char* end_ = nullptr;

    std::list<Chunk> spare_; // one that was dropped, for the next
    std::shared_ptr<ReadMemory> spare_memory_;
    std::size_t size_ = 0; // of the memory of all chunks and the last run, each once, and of runs
};

} // namespace astcti::ami
