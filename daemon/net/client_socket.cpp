// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/net/client_socket.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace astcti::net {
namespace {

void set(int fd, int level, int option, int value) noexcept {
    ::setsockopt(fd, level, option, &value, sizeof value);
}

int seconds(std::chrono::seconds time) noexcept {
    return static_cast<int>(time.count());
}

} // namespace

void prepare_client(int fd) noexcept {
    set(fd, SOL_SOCKET, SO_SNDBUF, send_buffer);
    set(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
    set(fd, IPPROTO_TCP, TCP_KEEPIDLE, seconds(keep_alive_idle));
    set(fd, IPPROTO_TCP, TCP_KEEPINTVL, seconds(keep_alive_interval));
    set(fd, IPPROTO_TCP, TCP_KEEPCNT, keep_alive_probes);
    const std::chrono::milliseconds timeout = unacknowledged;
    set(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, static_cast<int>(timeout.count()));
    set(fd, IPPROTO_TCP, TCP_NODELAY, 1);
}

} // namespace astcti::net
