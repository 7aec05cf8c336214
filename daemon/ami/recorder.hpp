// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <list>
#include <string>
#include <string_view>

namespace astcti::ami {

// The last minutes of what one PBX's manager connections received, for the support case that
// asks what Asterisk really said. Kept as it came, a copy of the bytes into a chunk that is
// there already; everything else is done when somebody asks for it. A copy of a recorder is a
// recording of its own.
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
    static constexpr std::size_t chunk_size = 65536;

    // A connection has logged in. Its first line is in the recording.
    void connected(std::string_view banner, Time now);
    // The list of channels has been asked for.
    void snapshot_asked(Time now);
    // A packet with the empty line at its end, malformed or not.
    void received(std::string_view packet, Time now);

    bool is_empty() const noexcept { return segments_.empty(); }
    std::size_t size() const noexcept { return size_ + last_.capacity(); }

    // As Asterisk sent it with timestampevents=yes, but for the Timestamp being the last header:
    // the banner line of each connection, and its packets. Begins with a banner, and so with a
    // list of channels, unless more came since the only one than could be kept.
    std::string text() const;

private:
    struct Segment {
        std::string banner;
        bool is_connection = false; // begins with one
        bool has_snapshot = false;
        bool is_cut = false; // its beginning is gone
        Time began{};
        std::list<std::string> chunks;
    };

    void add_segment(Segment segment);
    void put_away();
    void add_chunk(std::size_t size);
    void drop_segment();
    void drop_chunk();
    void drop_first_chunk(Segment& segment);

    std::deque<Segment> segments_;
    // The last segment's last chunk. All are filled here, and copied away when they are full:
    // memory that is always the same is near, and a copy of a whole chunk costs half of what
    // hundreds of small ones to memory that is far away do.
    std::string last_;
    // One that was dropped, for the next: once there is as much as is ever kept, memory is neither
    // taken nor given back.
    std::list<std::string> spare_;
    std::size_t size_ = 0;
};

} // namespace astcti::ami
