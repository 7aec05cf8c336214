// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>

namespace astcti::link {

// How long to wait before trying again: a random part of a time that doubles with each
// failure ("full jitter"), so that a thousand agents do not come back in one moment.
class Backoff {
public:
    static constexpr std::chrono::milliseconds first{250};
    static constexpr std::chrono::milliseconds cap{10'000};

    // `random` is in [0, 1).
    std::chrono::milliseconds next(double random) noexcept;

    void succeeded() noexcept { limit_ = first; }

private:
    std::chrono::milliseconds limit_ = first;
};

} // namespace astcti::link
