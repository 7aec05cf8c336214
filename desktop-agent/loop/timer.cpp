// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/loop/timer.hpp"

#include <algorithm>
#include <glibmm/main.h>

namespace astcti::loop {

void Timer::start(std::chrono::milliseconds wait, const sigc::slot<void()>& ready) {
    stop();
    const auto interval = std::max<std::chrono::milliseconds::rep>(wait.count(), 0);
    connection_ = Glib::signal_timeout().connect(
        [ready] {
            ready();
            return false;
        },
        static_cast<unsigned int>(interval));
}

} // namespace astcti::loop
