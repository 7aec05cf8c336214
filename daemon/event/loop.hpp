// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <systemd/sd-event.h>

namespace astcti::event {

// An event source that is switched off and released with its owner.
struct SourceDeleter {
    void operator()(sd_event_source* source) const noexcept {
        sd_event_source_disable_unref(source);
    }
};
using Source = std::unique_ptr<sd_event_source, SourceDeleter>;

// The one loop of the daemon's one thread.
class Loop {
public:
    // Throws std::system_error if the system has no descriptors or memory left.
    Loop();
    ~Loop();
    Loop(const Loop&) = delete;

    sd_event* get() const noexcept { return event_; }

    // Until exit() or SIGTERM/SIGINT (exit_on_signals); returns the exit code.
    int run();
    void exit(int code) noexcept { sd_event_exit(event_, code); }

    // SIGTERM and SIGINT end run() with 0, once what is being handled is done. They, and SIGHUP
    // for a Signal, must be blocked in every thread: call before threads are made.
    void exit_on_signals();

    // Feeds systemd's watchdog from this loop, if the unit asks for it (WatchdogSec=).
    void feed_watchdog();

    // CLOCK_MONOTONIC, microseconds, as of the wake-up.
    std::uint64_t now() const noexcept;

private:
    sd_event* event_ = nullptr;
};

} // namespace astcti::event
