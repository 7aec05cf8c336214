// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/link/backoff.hpp"

#include <algorithm>

namespace astcti::link {

std::chrono::milliseconds Backoff::next(double random) noexcept {
    const auto limit = limit_;
    limit_ = std::min(limit_ * 2, cap);
    return std::chrono::duration_cast<std::chrono::milliseconds>(limit * random);
}

} // namespace astcti::link
