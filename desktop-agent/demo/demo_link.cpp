// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/demo/demo_link.hpp"

#include <glib.h>

namespace astcti::demo {

void DemoLink::start() {
    next_.start(std::chrono::milliseconds(0), [this] { open(); });
}

void DemoLink::open() {
    for (const auto& event : opening())
        handler_.event_received(event);
    handler_.link_changed(link::LinkState::online, {});
    wait();
}

void DemoLink::wait() {
    if (at_ == steps_.size()) {
        steps_ = calls(++round_, static_cast<protocol::Microseconds>(g_get_real_time()));
        at_ = 0;
    }
    next_.start(steps_[at_].wait, [this] { play(); });
}

void DemoLink::play() {
    handler_.event_received(steps_[at_++].event);
    wait();
}

} // namespace astcti::demo
