// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/net/listener.hpp"

#include "daemon/base/log.hpp"
#include "daemon/base/system_error.hpp"

#include <chrono>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <sys/un.h>

namespace astcti::net {
namespace {

constexpr int backlog = 1024;
constexpr int max_accepted_at_once =
    8; // each perhaps with half a handshake; then others get their turn
constexpr auto pause_without_descriptors = std::chrono::seconds(1);
constexpr mode_t socket_mode = 0666;

// A socket file stays behind when its owner is killed; one that answers is in use.
void remove_stale_file(const Address& address) {
    const auto path = address.to_string();
    const base::UniqueFd probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (::connect(probe.get(), address.get(), address.length) == 0) {
        errno = EADDRINUSE;
        base::throw_errno("cannot listen on " + path);
    }
    struct stat info {};
    if (errno == ECONNREFUSED && ::stat(path.c_str(), &info) == 0 && S_ISSOCK(info.st_mode))
        ::unlink(path.c_str());
}

Address name_of(int fd) {
    Address address;
    address.length = sizeof address.storage;
    if (::getsockname(fd, reinterpret_cast<sockaddr*>(&address.storage), &address.length) < 0)
        base::throw_errno("cannot tell where a socket listens");
    return address;
}

} // namespace

ListeningSocket open_listener(const Address& address) {
    const int family = address.storage.ss_family;
    if (family == AF_UNIX)
        remove_stale_file(address);

    const auto where = "cannot listen on " + address.to_string();
    base::UniqueFd fd(::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!fd)
        base::throw_errno(where);
    const int on = 1;
    if (family != AF_UNIX)
        ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (family == AF_INET6)
        ::setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    if (::bind(fd.get(), address.get(), address.length) < 0 || ::listen(fd.get(), backlog) < 0)
        base::throw_errno(where);
    if (family == AF_UNIX && ::chmod(address.to_string().c_str(), socket_mode) < 0)
        base::throw_errno(where);
    auto name = name_of(fd.get());
    return {std::move(fd), name, true};
}

ListeningSocket adopt_listener(int fd) {
    base::UniqueFd owned(fd);
    int listening = 0;
    socklen_t length = sizeof listening;
    if (::getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &length) < 0)
        base::throw_errno("a passed descriptor is no socket");
    if (!listening) {
        errno = EINVAL;
        base::throw_errno("a passed descriptor is no listening socket");
    }
    // systemd passes blocking sockets; accept_some() takes what is there until there is no more.
    const int flags = ::fcntl(fd, F_GETFL);
    if (flags < 0 || ::fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0)
        base::throw_errno("cannot make a passed socket non-blocking");
    auto name = name_of(fd);
    return {std::move(owned), name, false};
}

Listener::Listener(event::Loop& loop, ListeningSocket socket, Accepted accepted)
    : socket_(std::move(socket)), accepted_(std::move(accepted)),
      source_(loop, socket_.fd.get(), EPOLLIN, [this](auto) { accept_some(); }),
      pause_(loop, [this] {
          paused_ = false;
          watch();
      }) {}

Listener::~Listener() {
    if (socket_.is_own && socket_.address.storage.ss_family == AF_UNIX)
        ::unlink(socket_.address.to_string().c_str());
}

void Listener::hold(bool held) {
    held_ = held;
    watch();
}

void Listener::watch() {
    source_.set_events(held_ || paused_ ? 0U : std::uint32_t{EPOLLIN});
}

void Listener::accept_some() {
    for (int i = 0; i < max_accepted_at_once && !held_; ++i) {
        Address peer;
        peer.length = sizeof peer.storage;
        base::UniqueFd fd(::accept4(socket_.fd.get(), reinterpret_cast<sockaddr*>(&peer.storage),
                                    &peer.length, SOCK_CLOEXEC | SOCK_NONBLOCK));
        if (fd) {
            accepted_(std::move(fd), peer);
            continue;
        }
        if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
            base::log(base::LogLevel::error,
                      "{}: no descriptors or memory for more clients; raise LimitNOFILE=",
                      socket_.address.to_string());
            paused_ = true;
            watch();
            pause_.start(pause_without_descriptors);
        }
        // Anything else (EAGAIN, a peer that is gone already) is for the next wake-up.
        return;
    }
}

} // namespace astcti::net
