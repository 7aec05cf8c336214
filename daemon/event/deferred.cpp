// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/event/deferred.hpp"

#include "daemon/base/system_error.hpp"
#include "daemon/event/barrier.hpp"

namespace astcti::event {

Deferred::Deferred(Loop& loop, Callback run) : run_(std::move(run)) {
    sd_event_source* source = nullptr;
    base::check(sd_event_add_defer(loop.get(), &source, dispatch, this), "cannot defer");
    source_.reset(source);
    base::check(sd_event_source_set_enabled(source, SD_EVENT_OFF), "cannot defer");
}

void Deferred::request() {
    base::check(sd_event_source_set_enabled(source_.get(), SD_EVENT_ONESHOT), "cannot defer");
}

int Deferred::dispatch(sd_event_source* source, void* self) noexcept {
    return barrier(source, [&] { static_cast<Deferred*>(self)->run_(); });
}

} // namespace astcti::event
