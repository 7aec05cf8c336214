// SPDX-License-Identifier: GPL-3.0-or-later
// In the place of the system's calls for sockets: for World's descriptors what it says, for those
// of the process the system. Their fortified variants would be in the way.
#undef _FORTIFY_SOURCE

#include "tests/support/simulated/world.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

using astcti::simulated::Socket;
using astcti::simulated::Working;
using astcti::simulated::World;

namespace {

Socket* simulated_socket(int fd) {
    return fd < World::first_fd ? nullptr : World::the().socket(fd);
}

int fails(int error) {
    errno = error;
    return -1;
}

} // namespace

extern "C" {

ssize_t recv(int fd, void* into, std::size_t size, int flags) {
    auto* const socket = simulated_socket(fd);
    if (!socket)
        return ::syscall(SYS_recvfrom, fd, into, size, flags, nullptr, nullptr);
    if (socket->is_over)
        World::the().breaks("a socket is read after its end");
    if (socket->is_reset)
        return fails(ECONNRESET);
    if (socket->to_server.empty())
        return socket->ended ? 0 : fails(EAGAIN);
    const auto count = std::min(size, socket->to_server.size());
    std::memcpy(into, socket->to_server.data(), count);
    socket->to_server.erase(0, count);
    return static_cast<ssize_t>(count);
}

ssize_t send(int fd, const void* bytes, std::size_t size, int flags) {
    auto* const socket = simulated_socket(fd);
    if (!socket)
        return ::syscall(SYS_sendto, fd, bytes, size, flags, nullptr, 0);
    if (socket->is_over)
        World::the().breaks("a socket is written to after its end");
    if (socket->is_reset)
        return fails(EPIPE);
    const auto count =
        std::min(size, socket->room - std::min(socket->room, socket->to_client.size()));
    if (count == 0)
        return fails(EAGAIN);
    const Working system(false);
    socket->to_client.append(static_cast<const char*>(bytes), count);
    return static_cast<ssize_t>(count);
}

int accept4(int fd, sockaddr* address, socklen_t* length, int flags) {
    auto* const listener = simulated_socket(fd);
    if (!listener)
        return static_cast<int>(::syscall(SYS_accept4, fd, address, length, flags));
    if (listener->waiting.empty())
        return fails(EAGAIN);
    const int accepted = listener->waiting.front();
    listener->waiting.pop_front();
    const auto& peer = World::the().socket(accepted)->peer;
    std::memcpy(address, &peer.storage, std::min(*length, peer.length));
    *length = peer.length;
    return accepted;
}

int shutdown(int fd, int how) noexcept {
    auto* const socket = simulated_socket(fd);
    if (!socket)
        return static_cast<int>(::syscall(SYS_shutdown, fd, how));
    socket->is_over = true;
    return 0;
}

int setsockopt(int fd, int level, int name, const void* value, socklen_t length) noexcept {
    if (!simulated_socket(fd))
        return static_cast<int>(::syscall(SYS_setsockopt, fd, level, name, value, length));
    return 0;
}

int getsockopt(int fd, int level, int name, void* value, socklen_t* length) noexcept {
    const auto* const socket = simulated_socket(fd);
    if (!socket)
        return static_cast<int>(::syscall(SYS_getsockopt, fd, level, name, value, length));
    if (level != SOL_SOCKET || name != SO_PEERCRED || *length < sizeof(ucred))
        return fails(ENOPROTOOPT);
    const ucred who{1, socket->uid, socket->uid};
    std::memcpy(value, &who, sizeof who);
    return 0;
}

int close(int fd) {
    auto* const socket = simulated_socket(fd);
    if (!socket)
        return static_cast<int>(::syscall(SYS_close, fd));
    if (socket->is_closed)
        World::the().breaks("a socket is closed twice");
    socket->is_closed = socket->is_over = true;
    for (const int waiting : socket->waiting) { // nobody accepts them any more
        auto* const refused = World::the().socket(waiting);
        refused->is_closed = refused->is_over = true;
    }
    socket->waiting.clear();
    return 0;
}

} // extern "C"
