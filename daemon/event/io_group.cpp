// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/event/io_group.hpp"

#include "daemon/base/system_error.hpp"

#include <algorithm>
#include <sys/epoll.h>
#include <utility>

namespace astcti::event {
namespace {

base::UniqueFd make_epoll() {
    base::UniqueFd fd(::epoll_create1(EPOLL_CLOEXEC));
    if (!fd)
        base::throw_errno("cannot make an epoll descriptor");
    return fd;
}

} // namespace

IoGroup::IoGroup(Loop& loop, std::int64_t priority)
    : epoll_(make_epoll()), source_(loop, epoll_.get(), EPOLLIN, [this](auto) { ready(); }) {
    source_.set_priority(priority);
}

// What is left over is still ready the next time.
void IoGroup::ready() {
    std::array<epoll_event, max_at_once> events; // NOLINT: filled by epoll_wait()
    const int found = ::epoll_wait(epoll_.get(), events.data(), max_at_once, 0);
    const auto count = static_cast<std::size_t>(std::max(found, 0));
    for (std::size_t i = 0; i < count; ++i)
        ready_[i] = static_cast<IoMember*>(events[i].data.ptr);
    for (std::size_t i = 0; i < count; ++i)
        if (auto* const member = std::exchange(ready_[i], nullptr))
            member->ready_(events[i].events);
}

void IoGroup::control(int operation, int fd, std::uint32_t events, IoMember* member) {
    epoll_event event{};
    event.events = events;
    event.data.ptr = member;
    if (::epoll_ctl(epoll_.get(), operation, fd, &event) < 0)
        base::throw_errno("cannot watch a descriptor");
}

void IoGroup::forget(int fd, IoMember* member) noexcept {
    std::replace(ready_.begin(), ready_.end(), member, static_cast<IoMember*>(nullptr));
    epoll_event nothing{};
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, &nothing);
}

IoMember::IoMember(IoGroup& group, int fd, std::uint32_t events, Callback ready)
    : group_(&group), fd_(fd), events_(events), ready_(std::move(ready)) {
    group.control(EPOLL_CTL_ADD, fd, events, this);
}

void IoMember::set_events(std::uint32_t events) {
    if (group_ && std::exchange(events_, events) != events)
        group_->control(EPOLL_CTL_MOD, fd_, events, this);
}

void IoMember::move_to(IoGroup& group) {
    if (!group_ || group_ == &group)
        return;
    stop();
    group.control(EPOLL_CTL_ADD, fd_, events_, this);
    group_ = &group;
}

void IoMember::stop() noexcept {
    if (auto* const group = std::exchange(group_, nullptr))
        group->forget(fd_, this);
}

} // namespace astcti::event
