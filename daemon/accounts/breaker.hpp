// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <string>

namespace astcti::accounts {

// While a database is away each try may take seconds, and a thousand people try to log in: one
// try a second finds out whether it is back, all others are told at once. Pure.
class Breaker {
public:
    using Time = std::chrono::steady_clock::time_point;

    static constexpr std::chrono::milliseconds pause{1000};

    // Whether to try now; a try that was allowed must be followed by succeeded() or failed().
    bool may_try(Time now) noexcept {
        if (is_closed_)
            return true;
        if (is_trying_ || now < again_)
            return false;
        is_trying_ = true;
        return true;
    }

    void succeeded() noexcept {
        is_closed_ = true;
        is_trying_ = false;
    }

    void failed(std::string why, Time now) {
        is_closed_ = false;
        is_trying_ = false;
        why_ = std::move(why);
        again_ = now + pause;
    }

    // Of the last try, that failed.
    const std::string& why() const noexcept { return why_; }

private:
    bool is_closed_ = true; // as that of an electric circuit: all is well
    bool is_trying_ = false;
    std::string why_;
    Time again_{};
};

} // namespace astcti::accounts
