// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/base/unique_fd.hpp"
#include "daemon/event/io_source.hpp"
#include "daemon/event/timer.hpp"
#include "daemon/net/address.hpp"

#include <functional>
#include <string>

namespace astcti::net {

// A listening socket that is open already.
struct ListeningSocket {
    base::UniqueFd fd;
    Address address;    // where it listens
    bool is_own = true; // opened by us: a Unix socket's file goes with the listener
};

// Opens a listening socket. A Unix socket's file is made accessible to all: who may do what
// is decided by who the peer is; a file that nobody listens on any more is replaced.
// Throws std::system_error.
ListeningSocket open_listener(const Address& address);

// Takes a listening stream socket that somebody else opened, e.g. systemd.
// Throws std::system_error if it is not one.
ListeningSocket adopt_listener(int fd);

// Hands each new connection over. While the system has no descriptors left it accepts
// nothing, and tries again a second later rather than spin.
class Listener {
public:
    using Accepted = std::function<void(base::UniqueFd fd, const Address& peer)>;

    Listener(event::Loop& loop, ListeningSocket socket, Accepted accepted);
    ~Listener();
    Listener(const Listener&) = delete; // the loop holds our address

    const Address& address() const noexcept { return socket_.address; }

    // Those who come meanwhile wait in the system's queue.
    void hold(bool held);

private:
    void accept_some();
    void watch();

    ListeningSocket socket_;
    Accepted accepted_;
    event::IoSource source_;
    event::Timer pause_;
    bool held_ = false;
    bool paused_ = false;
};

} // namespace astcti::net
