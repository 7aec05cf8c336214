// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "protocol/call.hpp"

#include <chrono>

namespace astcti {

// As events are told with.
inline protocol::Microseconds real_time() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return static_cast<protocol::Microseconds>(
        std::chrono::duration_cast<std::chrono::microseconds>(now).count());
}

} // namespace astcti
