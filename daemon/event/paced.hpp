// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/event/deferred.hpp"
#include "daemon/event/timer.hpp"

#include <chrono>

namespace astcti::event {

// Calls `run` from the loop after request(), at once if it has not been called for a while, else
// when that while is over: what is wanted seldom is not kept waiting, and of what is wanted
// thousands of times a second much is done together.
class Paced {
public:
    Paced(Loop& loop, std::chrono::microseconds interval, Deferred::Callback run);
    Paced(const Paced&) = delete; // the loop holds our address

    void request();

private:
    std::chrono::microseconds now() const noexcept;
    void due();

    Loop& loop_;
    std::chrono::microseconds interval_;
    Deferred::Callback run_;
    Deferred soon_;
    Timer later_;
    std::chrono::microseconds next_{}; // not before
    bool is_requested_ = false;
};

} // namespace astcti::event
