// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/event/loop.hpp"

#include <functional>
#include <sys/signalfd.h>

namespace astcti::event {

// Calls `came` from the loop after each time a signal came; several at once may be one. The signal
// must be blocked in every thread; Loop::exit_on_signals() does that for SIGHUP.
class Signal {
public:
    using Callback = std::function<void()>;

    Signal(Loop& loop, int signal, Callback came);
    Signal(const Signal&) = delete; // the loop holds our address

private:
    static int dispatch(sd_event_source* source, const signalfd_siginfo* info, void* self) noexcept;

    Callback came_;
    Source source_;
};

} // namespace astcti::event
