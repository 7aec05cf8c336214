// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>

namespace astcti::link {

// How long to wait before trying again, as PROTOCOL.md section 2.1 says: a random part of a
// time ("full jitter"), so that a thousand agents do not come back in one moment. The time is
// the server's wish after a session that held, and doubles with each failure.
class Backoff {
public:
    static constexpr std::chrono::milliseconds first{250};
    static constexpr std::chrono::milliseconds cap{10'000};
    // PROTOCOL.md section 5, max_spread: no server means more than this.
    static constexpr std::chrono::milliseconds max_hint{30'000};

    // After a failure. `random` is in [0, 1); the longest wait is at least `hint`.
    std::chrono::milliseconds next(double random, std::chrono::milliseconds hint = {}) noexcept;

    // After a session that held: the server wants everybody back within `hint`.
    std::chrono::milliseconds after_session(double random, std::chrono::milliseconds hint) noexcept;

    void succeeded() noexcept { limit_ = first; }

private:
    std::chrono::milliseconds limit_ = first;
};

} // namespace astcti::link
