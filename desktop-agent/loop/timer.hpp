// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <sigc++/connection.h>
#include <sigc++/slot.h>

namespace astcti::loop {

// Calls something once, after a while; starting it again forgets what was to come.
class Timer {
public:
    Timer() = default;
    ~Timer() { stop(); }
    Timer(const Timer&) = delete;
    Timer& operator=(const Timer&) = delete;

    void start(std::chrono::milliseconds wait, const sigc::slot<void()>& ready);
    void stop() noexcept { connection_.disconnect(); }

private:
    sigc::connection connection_;
};

} // namespace astcti::loop
