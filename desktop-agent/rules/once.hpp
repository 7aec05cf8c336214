// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace astcti::rules {

// Rules run once for each call and other party, however often the server tells of it, also
// when it tells of an old call again after a long gap.
class Once {
public:
    static constexpr std::size_t max_calls = 1000; // then the oldest is forgotten
    static constexpr std::size_t max_peers = 100;  // of one call; then the oldest is forgotten

    // True the first time it is asked for this call and other party. The same number with
    // another channel (peer-uniqueid) is another party: an agent of a pool has one call for a
    // day, in which a customer may call twice. Without a channel the number decides.
    bool first(std::string_view call, std::string_view number, std::string_view uniqueid);

    // Was it asked for this call before?
    bool knows(std::string_view call) const noexcept;

private:
    struct Peer {
        std::string number;
        std::string uniqueid;
    };
    struct Seen {
        std::string call;
        // The oldest first. Mostly one: a deque would take half a KiB for it.
        std::vector<Peer> peers;
    };

    std::deque<Seen> seen_; // the oldest first
};

} // namespace astcti::rules
