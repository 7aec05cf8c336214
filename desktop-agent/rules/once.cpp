// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/rules/once.hpp"

#include <algorithm>

namespace astcti::rules {

bool Once::first(std::string_view call, std::string_view number, std::string_view uniqueid) {
    auto found = std::ranges::find(seen_, call, &Seen::call);
    if (found == seen_.end()) {
        if (seen_.size() == max_calls)
            seen_.pop_front();
        found = seen_.insert(seen_.end(), Seen{std::string(call), {}});
    }
    auto& peers = found->peers;
    const auto peer = std::ranges::find_if(peers, [&](const Peer& seen) {
        return seen.number == number &&
               (seen.uniqueid == uniqueid || seen.uniqueid.empty() || uniqueid.empty());
    });
    if (peer != peers.end()) {
        if (peer->uniqueid.empty())
            peer->uniqueid = uniqueid;
        return false;
    }
    if (peers.size() == max_peers)
        peers.erase(peers.begin());
    peers.push_back({std::string(number), std::string(uniqueid)});
    return true;
}

bool Once::knows(std::string_view call) const noexcept {
    return std::ranges::find(seen_, call, &Seen::call) != seen_.end();
}

} // namespace astcti::rules
