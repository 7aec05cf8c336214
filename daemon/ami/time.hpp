// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>

namespace astcti::ami {

// Monotonic time, from any beginning.
using Time = std::chrono::microseconds;

} // namespace astcti::ami
