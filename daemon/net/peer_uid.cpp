// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/net/peer_uid.hpp"

#include <sys/socket.h>

namespace astcti::net {

std::optional<uid_t> peer_uid(int fd) noexcept {
    ucred peer{};
    socklen_t length = sizeof peer;
    if (::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) < 0)
        return std::nullopt;
    return peer.uid;
}

} // namespace astcti::net
