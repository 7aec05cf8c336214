// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/event/loop.hpp"

#include <cstdint>
#include <functional>

namespace astcti::event {

// Calls `ready` while `fd` has one of `events` (EPOLLIN, EPOLLOUT). Watches the descriptor,
// does not own it: a class that holds both declares the descriptor first.
class IoSource {
public:
    using Callback = std::function<void(std::uint32_t revents)>;

    IoSource(Loop& loop, int fd, std::uint32_t events, Callback ready);
    IoSource(const IoSource&) = delete; // the loop holds our address

    void set_events(std::uint32_t events);

    // For good; the descriptor may then be closed, or watched by another. May be called from
    // `ready` itself, which destroying the source may not.
    void stop() noexcept;

    // Lower runs first; 0 is the default of all sources.
    void set_priority(std::int64_t priority);

private:
    static int dispatch(sd_event_source* source, int fd, std::uint32_t revents,
                        void* self) noexcept;

    Callback ready_;
    Source source_;
};

} // namespace astcti::event
