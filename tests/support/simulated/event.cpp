// SPDX-License-Identifier: GPL-3.0-or-later
// In the place of libsystemd's sd-event: what daemon/event asks of it, on World's clock. Of
// handlers that are ready and have the same priority any may be the next.
#include "tests/support/simulated/world.hpp"

#include <algorithm>
#include <sys/epoll.h>
#include <systemd/sd-event.h>

using astcti::simulated::events_of;
using astcti::simulated::Working;
using astcti::simulated::World;

struct sd_event {
    std::vector<sd_event_source*> sources;
};

struct sd_event_source {
    sd_event* event = nullptr;
    void* userdata = nullptr;
    std::int64_t priority = 0;
    bool is_on = true;
    int fd = -1;
    std::uint32_t events = 0;
    std::uint64_t due = 0;
    sd_event_io_handler_t on_io = nullptr;
    sd_event_time_handler_t on_time = nullptr;
    sd_event_handler_t on_defer = nullptr;
};

namespace {

std::uint32_t ready(const sd_event_source& source, World& world) {
    if (!source.is_on)
        return 0;
    if (source.on_defer)
        return 1;
    if (source.on_time)
        return source.due <= world.now() ? 1 : 0;
    const auto* const socket = world.socket(source.fd);
    return socket ? events_of(*socket) & (source.events | EPOLLHUP | EPOLLERR) : 0;
}

int add(sd_event* event, sd_event_source** out, void* userdata, sd_event_source&& made) {
    const Working system(false);
    auto* const source = new sd_event_source(made); // NOLINT: disable_unref() ends it, as there
    source->event = event;
    source->userdata = userdata;
    event->sources.push_back(source);
    *out = source;
    return 0;
}

} // namespace

namespace astcti::simulated {

bool dispatch_one(sd_event& loop, World& world) {
    sd_event_source* chosen = nullptr;
    std::uint32_t events = 0;
    std::uint64_t equals = 0;
    for (auto* const source : loop.sources) {
        const auto now = ready(*source, world);
        if (now == 0 || (chosen && source->priority > chosen->priority))
            continue;
        equals = chosen && source->priority == chosen->priority ? equals + 1 : 1;
        if (equals == 1 || world.random.below(equals) == 0) {
            chosen = source;
            events = now;
        }
    }
    if (!chosen)
        return false;
    if (!chosen->on_io)
        chosen->is_on = false; // once
    const Working server(true);
    if (chosen->on_io)
        chosen->on_io(chosen, chosen->fd, events, chosen->userdata);
    else if (chosen->on_time)
        chosen->on_time(chosen, chosen->due, chosen->userdata);
    else
        chosen->on_defer(chosen, chosen->userdata);
    return true;
}

Time next_timer(const sd_event& loop) {
    auto next = never;
    for (const auto* const source : loop.sources)
        if (source->is_on && source->on_time)
            next = std::min(next, source->due);
    return next;
}

} // namespace astcti::simulated

extern "C" {

int sd_event_new(sd_event** out) {
    *out = new sd_event; // NOLINT: sd_event_unref() ends it, as there
    World::the().set_loop(*out);
    return 0;
}

sd_event* sd_event_unref(sd_event* event) {
    World::the().set_loop(nullptr);
    if (!event->sources.empty())
        World::the().breaks("a source outlives its loop");
    delete event; // NOLINT
    return nullptr;
}

int sd_event_exit(sd_event*, int) {
    World::the().server_ended();
    return 0;
}

int sd_event_now(sd_event*, clockid_t, std::uint64_t* out) {
    *out = World::the().now();
    return 0;
}

int sd_event_add_io(sd_event* event, sd_event_source** out, int fd, std::uint32_t events,
                    sd_event_io_handler_t handler, void* userdata) {
    sd_event_source made;
    made.fd = fd;
    made.events = events;
    made.on_io = handler;
    return add(event, out, userdata, std::move(made));
}

int sd_event_add_time(sd_event* event, sd_event_source** out, clockid_t, std::uint64_t due,
                      std::uint64_t, sd_event_time_handler_t handler, void* userdata) {
    sd_event_source made;
    made.due = due;
    made.on_time = handler;
    return add(event, out, userdata, std::move(made));
}

int sd_event_add_defer(sd_event* event, sd_event_source** out, sd_event_handler_t handler,
                       void* userdata) {
    sd_event_source made;
    made.on_defer = handler;
    return add(event, out, userdata, std::move(made));
}

int sd_event_source_set_enabled(sd_event_source* source, int enabled) {
    source->is_on = enabled != SD_EVENT_OFF;
    return 0;
}

int sd_event_source_set_io_events(sd_event_source* source, std::uint32_t events) {
    source->events = events;
    return 0;
}

int sd_event_source_set_priority(sd_event_source* source, std::int64_t priority) {
    source->priority = priority;
    return 0;
}

int sd_event_source_set_time_relative(sd_event_source* source, std::uint64_t after) {
    source->due = World::the().now() + after;
    return 0;
}

sd_event* sd_event_source_get_event(sd_event_source* source) {
    return source->event;
}

sd_event_source* sd_event_source_disable_unref(sd_event_source* source) {
    if (source) {
        std::erase(source->event->sources, source);
        delete source; // NOLINT
    }
    return nullptr;
}

} // extern "C"
