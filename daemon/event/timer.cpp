// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/event/timer.hpp"

#include "daemon/base/system_error.hpp"
#include "daemon/event/barrier.hpp"

#include <ctime>

namespace astcti::event {

// The default of sd-event is a quarter of a second, which the steps of a connection would feel.
constexpr std::uint64_t accuracy = 1000; // µs

Timer::Timer(Loop& loop, Callback expired) : expired_(std::move(expired)) {
    sd_event_source* source = nullptr;
    base::check(
        sd_event_add_time(loop.get(), &source, CLOCK_MONOTONIC, 0, accuracy, dispatch, this),
        "cannot make a timer");
    source_.reset(source);
    stop();
}

void Timer::start(std::chrono::microseconds after) {
    base::check(
        sd_event_source_set_time_relative(source_.get(), static_cast<std::uint64_t>(after.count())),
        "cannot start a timer");
    base::check(sd_event_source_set_enabled(source_.get(), SD_EVENT_ONESHOT),
                "cannot start a timer");
}

void Timer::stop() noexcept {
    sd_event_source_set_enabled(source_.get(), SD_EVENT_OFF);
}

int Timer::dispatch(sd_event_source* source, std::uint64_t, void* self) noexcept {
    return barrier(source, [&] { static_cast<Timer*>(self)->expired_(); });
}

} // namespace astcti::event
