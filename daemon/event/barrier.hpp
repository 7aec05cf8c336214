// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdio>
#include <exception>
#include <new>
#include <sysexits.h>
#include <systemd/sd-event.h>

namespace astcti::event {

// Runs a handler that C code called. No exception may cross into libsystemd, and one that
// reaches this frame is a bug in us: say so and end the loop, so that systemd restarts the
// daemon from a known state.
template <typename Handler>
int barrier(sd_event_source* source, Handler&& handler) noexcept {
    try {
        handler();
        return 0;
    } catch (const std::bad_alloc&) {
        std::fputs("no memory: ending, so that systemd starts a new one; is there a limit "
                   "(LimitDATA= or LimitAS= of the unit), or has the machine no more?\n",
                   stderr);
    } catch (const std::exception& e) {
        std::fprintf(stderr, "unhandled error in an event handler: %s\n", e.what());
    } catch (...) {
        std::fputs("unhandled error in an event handler\n", stderr);
    }
    return sd_event_exit(sd_event_source_get_event(source), EX_SOFTWARE);
}

} // namespace astcti::event
