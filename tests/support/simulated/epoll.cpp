// SPDX-License-Identifier: GPL-3.0-or-later
// In the place of the system's epoll: of the World's descriptors that are ready it names some, in
// any order, so that nothing depends on it.
#include "tests/support/simulated/world.hpp"

#include <algorithm>
#include <cerrno>
#include <sys/epoll.h>

using astcti::simulated::Working;
using astcti::simulated::World;

namespace astcti::simulated {

// As epoll says it.
std::uint32_t events_of(const Socket& socket) {
    if (socket.is_epoll)
        return ready_of(socket).empty() ? 0U : std::uint32_t{EPOLLIN};
    if (socket.listens)
        return socket.waiting.empty() ? 0U : std::uint32_t{EPOLLIN};
    std::uint32_t events = 0;
    if (!socket.to_server.empty() || socket.ended || socket.is_reset)
        events |= EPOLLIN;
    if (socket.to_client.size() < socket.room || socket.is_reset)
        events |= EPOLLOUT;
    if (socket.is_reset)
        events |= EPOLLHUP | EPOLLERR;
    return events;
}

std::vector<epoll_event> ready_of(const Socket& epoll) {
    std::vector<epoll_event> ready;
    for (const auto& [fd, wanted] : epoll.watched) {
        epoll_event event = wanted;
        event.events &= events_of(*World::the().socket(fd));
        event.events |= events_of(*World::the().socket(fd)) & (EPOLLHUP | EPOLLERR);
        if (event.events != 0)
            ready.push_back(event);
    }
    return ready;
}

} // namespace astcti::simulated

extern "C" {

int epoll_create1(int) noexcept {
    const Working system(false);
    return World::the().make_epoll();
}

int epoll_ctl(int epoll, int operation, int fd, epoll_event* event) noexcept {
    const Working system(false);
    auto& watched = World::the().socket(epoll)->watched;
    const bool is_there = watched.contains(fd);
    if (is_there == (operation == EPOLL_CTL_ADD)) {
        World::the().breaks("a descriptor is watched twice, or not at all");
        errno = is_there ? EEXIST : ENOENT;
        return -1;
    }
    if (operation == EPOLL_CTL_DEL)
        watched.erase(fd);
    else
        watched[fd] = *event;
    return 0;
}

int epoll_wait(int epoll, epoll_event* events, int size, int) {
    const Working system(false);
    auto& world = World::the();
    auto ready = astcti::simulated::ready_of(*world.socket(epoll));
    const auto count = std::min(ready.size(), static_cast<std::size_t>(size));
    for (std::size_t i = 0; i < count; ++i) {
        std::swap(ready[i], ready[i + world.random.below(ready.size() - i)]);
        events[i] = ready[i];
    }
    return static_cast<int>(count);
}

} // extern "C"
