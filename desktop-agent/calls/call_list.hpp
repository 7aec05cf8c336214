// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "protocol/event.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <set>
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
    // A server that was started anew knows of no calls before it has asked the PBX. As long as
    // the server itself waits for a PBX, what went on there is taken to go on; and so long
    // after it is up.
    static constexpr std::chrono::seconds pbx_stays_down{30};
    static constexpr std::chrono::seconds pbx_tells_calls{3};
    // Nobody has that many: what comes beyond is a fault of the server and left out.
    static constexpr std::size_t max_calls = 1000;

    // What the event changed, in order. Between SnapshotBegin and SnapshotEnd nothing
    // changes; then everything at once, and what is not in the snapshot has ended, unless it
    // is a call of a PBX that is down.
    std::vector<Change> apply(const protocol::Event& event, Time now);

    // The server is out of reach for so long that nothing is known any more: every call
    // ends. Those that go on come back with the next snapshot.
    std::vector<Change> lost(protocol::Microseconds clock, Time now);

    // Removes the calls that ended long enough ago, and ends those of which nothing was heard.
    std::vector<Change> expire(Time now);

    // When expire() has something to do next.
    std::optional<Time> next_expiry() const;

    // Calls that have not ended.
    std::size_t active() const;

private:
    struct Entry {
        protocol::Call call;
        std::optional<Time> remove_at;
        std::optional<Time> end_at; // unless it is heard of
        protocol::Microseconds missed_at = 0;
        protocol::EndReason missed_because = protocol::EndReason::failed;
    };
    struct Snapshot {
        std::vector<protocol::CallEvent> calls;
        std::set<std::string, std::less<>> down; // PBXs
    };

    void update(std::vector<Change>& out, const protocol::CallEvent& event, bool from_snapshot,
                Time now);
    // Removes the call that ended first, if too many have.
    void make_room(std::vector<Change>& out);
    void pbx_changed(const protocol::PbxState& pbx, Time now);
    void end_missing(std::vector<Change>& out, const protocol::Event& event, Time now);
    void end(std::vector<Change>& out, Entry& entry, protocol::Microseconds clock,
             protocol::EndReason reason, Time now);

    std::map<std::string, Entry, std::less<>> calls_;
    std::optional<Snapshot> snapshot_; // while one is coming in
};

} // namespace astcti::calls
