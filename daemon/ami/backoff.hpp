// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>

namespace astcti::ami {

// How long to wait before the next attempt: 0.25 s, doubling up to 10 s, with full jitter,
// so that many daemons do not come back in step. After a refusal 30 s: twice a minute.
class Backoff {
public:
    using Duration = std::chrono::microseconds;

    static constexpr Duration first = std::chrono::milliseconds(250);
    static constexpr Duration cap = std::chrono::seconds(10);
    static constexpr Duration after_refusal = std::chrono::seconds(30);

    // `random` is from [0, 1).
    Duration failed(double random) noexcept;
    static Duration refused() noexcept { return after_refusal; }

    void succeeded() noexcept { ceiling_ = first; }

private:
    Duration ceiling_ = first;
};

} // namespace astcti::ami
