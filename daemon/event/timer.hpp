// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/event/loop.hpp"

#include <chrono>
#include <functional>

namespace astcti::event {

// Calls `expired` once, a time after start(). CLOCK_MONOTONIC: a changed clock does not matter.
class Timer {
public:
    using Callback = std::function<void()>;

    Timer(Loop& loop, Callback expired);
    Timer(const Timer&) = delete; // the loop holds our address

    // A running timer begins anew.
    void start(std::chrono::microseconds after);
    void stop() noexcept;

private:
    static int dispatch(sd_event_source* source, std::uint64_t, void* self) noexcept;

    Callback expired_;
    Source source_;
};

} // namespace astcti::event
