// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ami/backoff.hpp"

#include <algorithm>

namespace astcti::ami {

Backoff::Duration Backoff::failed(double random) noexcept {
    const auto wait = std::chrono::duration_cast<Duration>(ceiling_ * random);
    ceiling_ = std::min(ceiling_ * 2, cap);
    return wait;
}

} // namespace astcti::ami
