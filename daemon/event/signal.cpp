// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/event/signal.hpp"

#include "daemon/base/system_error.hpp"
#include "daemon/event/barrier.hpp"

#include <csignal>

namespace astcti::event {

Signal::Signal(Loop& loop, int signal, Callback came) : came_(std::move(came)) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, signal);
    if (pthread_sigmask(SIG_BLOCK, &signals, nullptr) != 0)
        base::throw_errno("cannot block signals");
    sd_event_source* source = nullptr;
    base::check(sd_event_add_signal(loop.get(), &source, signal, dispatch, this),
                "cannot watch a signal");
    source_.reset(source);
}

int Signal::dispatch(sd_event_source* source, const signalfd_siginfo*, void* self) noexcept {
    return barrier(source, [&] { static_cast<Signal*>(self)->came_(); });
}

} // namespace astcti::event
