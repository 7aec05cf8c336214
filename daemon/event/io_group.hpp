// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/base/unique_fd.hpp"
#include "daemon/event/io_source.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace astcti::event {

class IoMember;

// Descriptors that are one source of the loop together. sd-event asks for all that are ready again
// before each handler: when a thousand clients come at once each would cost as much as all. Must
// outlive its members.
class IoGroup {
public:
    // In one turn; then others get theirs.
    static constexpr std::size_t max_at_once = 8;

    // Lower runs first; 0 is the default of all sources.
    IoGroup(Loop& loop, std::int64_t priority);
    IoGroup(const IoGroup&) = delete; // the loop holds our address

private:
    friend IoMember;

    void ready();
    void control(int operation, int fd, std::uint32_t events, IoMember* member);
    void forget(int fd, IoMember* member) noexcept;

    base::UniqueFd epoll_;
    std::array<IoMember*, max_at_once> ready_{}; // in this turn; null: it had it, or is gone
    IoSource source_;
};

// As an IoSource, in a group.
class IoMember {
public:
    using Callback = IoSource::Callback;

    IoMember(IoGroup& group, int fd, std::uint32_t events, Callback ready);
    ~IoMember() { stop(); }
    IoMember(const IoMember&) = delete; // the group holds our address

    std::uint32_t events() const noexcept { return events_; }
    void set_events(std::uint32_t events);
    // Nothing if it is there, or was stopped.
    void move_to(IoGroup& group);

    // For good; the descriptor may then be closed, or watched by another. May be called from
    // `ready` itself, which destroying the member may not.
    void stop() noexcept;

private:
    friend IoGroup;

    IoGroup* group_; // null: stopped
    int fd_;
    std::uint32_t events_;
    Callback ready_;
};

} // namespace astcti::event
