// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <deque>
#include <set>
#include <string>
#include <string_view>

namespace astcti::rules {

// Rules run once for each call and other party, however often the server tells of it, also
// when it tells of an old call again after a long gap.
class Once {
public:
    static constexpr std::size_t max_calls = 1000; // then the oldest is forgotten
    static constexpr std::size_t max_peers = 100;  // of one call: no further one is first

    // True the first time it is asked for this call and peer.
    bool first(std::string_view call, std::string_view peer);

private:
    struct Seen {
        std::string call;
        std::set<std::string, std::less<>> peers;
    };

    std::deque<Seen> seen_; // the oldest first
};

} // namespace astcti::rules
