// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "protocol/event.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace astcti::calls {

using Time = std::chrono::steady_clock::time_point;

// Something happened to a call; `call` is as it is now, or was last.
struct Change {
    enum class Kind { added, changed, removed };

    Kind kind = Kind::changed;
    protocol::Call call;
    std::vector<std::string> properties; // with `changed`: see changed_properties()
    bool peer_changed = false;           // with `changed`: the server said so
    bool from_snapshot = false;
};

// The calls of the person, rebuilt from the server's events. Pure: the time is an argument.
class CallList {
public:
    // An ended call can be looked at for a while, if no more than so many end meanwhile.
    static constexpr std::chrono::seconds ended_call_stays{30};
    static constexpr std::size_t max_ended = 100;
    // Nobody has that many: what comes beyond is a fault of the server and left out.
    static constexpr std::size_t max_calls = 1000;

    // What the event changed, in order. Between SnapshotBegin and SnapshotEnd nothing
    // changes; then everything at once, and what is not in the snapshot has ended.
    std::vector<Change> apply(const protocol::Event& event, Time now);

    // The server is out of reach for so long that nothing is known any more: every call
    // ends. Those that go on come back with the next snapshot.
    std::vector<Change> lost(protocol::Microseconds clock, Time now);

    // Removes the calls that ended long enough ago.
    std::vector<Change> expire(Time now);

    // When expire() has something to do next.
    std::optional<Time> next_expiry() const;

    // Calls that have not ended.
    std::size_t active() const;

private:
    struct Entry {
        protocol::Call call;
        std::optional<Time> remove_at;
    };

    void update(std::vector<Change>& out, const protocol::CallEvent& event, bool from_snapshot,
                Time now);
    // Removes the call that ended first, if too many have.
    void make_room(std::vector<Change>& out);
    void end_missing(std::vector<Change>& out, const protocol::Event& event, Time now);
    void end(std::vector<Change>& out, Entry& entry, protocol::Microseconds clock,
             protocol::EndReason reason, Time now);

    std::map<std::string, Entry, std::less<>> calls_;
    std::optional<std::vector<protocol::CallEvent>> snapshot_; // while one is coming in
};

} // namespace astcti::calls
