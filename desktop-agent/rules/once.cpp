// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/rules/once.hpp"

#include <algorithm>

namespace astcti::rules {

bool Once::first(std::string_view call, std::string_view peer) {
    auto found = std::find_if(seen_.begin(), seen_.end(),
                              [call](const auto& seen) { return seen.call == call; });
    if (found == seen_.end()) {
        if (seen_.size() == max_calls)
            seen_.pop_front();
        found = seen_.insert(seen_.end(), Seen{std::string(call), {}});
    }
    return found->peers.size() < max_peers && found->peers.emplace(peer).second;
}

} // namespace astcti::rules
