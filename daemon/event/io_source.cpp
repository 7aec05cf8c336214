// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/event/io_source.hpp"

#include "daemon/base/system_error.hpp"
#include "daemon/event/barrier.hpp"

namespace astcti::event {

IoSource::IoSource(Loop& loop, int fd, std::uint32_t events, Callback ready)
    : ready_(std::move(ready)) {
    sd_event_source* source = nullptr;
    base::check(sd_event_add_io(loop.get(), &source, fd, events, dispatch, this),
                "cannot watch a descriptor");
    source_.reset(source);
}

void IoSource::set_events(std::uint32_t events) {
    base::check(sd_event_source_set_io_events(source_.get(), events), "cannot watch a descriptor");
}

void IoSource::stop() noexcept {
    sd_event_source_set_enabled(source_.get(), SD_EVENT_OFF);
}

void IoSource::set_priority(std::int64_t priority) {
    base::check(sd_event_source_set_priority(source_.get(), priority), "cannot set a priority");
}

int IoSource::dispatch(sd_event_source* source, int, std::uint32_t revents, void* self) noexcept {
    return barrier(source, [&] { static_cast<IoSource*>(self)->ready_(revents); });
}

} // namespace astcti::event
