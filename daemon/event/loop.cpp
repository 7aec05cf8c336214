// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/event/loop.hpp"

#include "daemon/base/system_error.hpp"

#include <csignal>
#include <ctime>

namespace astcti::event {

Loop::Loop() {
    base::check(sd_event_new(&event_), "cannot make an event loop");
}

Loop::~Loop() {
    sd_event_unref(event_);
}

int Loop::run() {
    return base::check(sd_event_loop(event_), "the event loop failed");
}

void Loop::exit_on_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP})
        sigaddset(&signals, signal);
    if (pthread_sigmask(SIG_BLOCK, &signals, nullptr) != 0)
        base::throw_errno("cannot block signals");
    // Without a handler of ours sd-event exits with the user data as the exit code: 0.
    for (const int signal : {SIGTERM, SIGINT})
        base::check(sd_event_add_signal(event_, nullptr, signal, nullptr, nullptr),
                    "cannot watch signals");
}

void Loop::feed_watchdog() {
    base::check(sd_event_set_watchdog(event_, 1), "cannot feed the watchdog");
}

std::uint64_t Loop::now() const noexcept {
    std::uint64_t usec = 0;
    sd_event_now(event_, CLOCK_MONOTONIC, &usec);
    return usec;
}

} // namespace astcti::event
