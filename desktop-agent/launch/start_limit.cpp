// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/launch/start_limit.hpp"

#include <algorithm>

namespace astcti::launch {

bool StartLimit::try_start(Time now) {
    while (!starts_.empty() && now - starts_.front() >= std::chrono::minutes(1))
        starts_.pop_front();
    const auto recent = std::count_if(starts_.begin(), starts_.end(),
                                      [now](Time start) { return now - start < burst_time; });
    if (starts_.size() >= max_per_minute || static_cast<std::size_t>(recent) >= max_burst)
        return false;
    starts_.push_back(now);
    return true;
}

} // namespace astcti::launch
