// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace astcti::net {

// A descriptor that systemd passed, with its FileDescriptorName=. Several may have one name.
struct PassedSocket {
    std::string name;
    int fd = -1;
};

// What sd_listen_fds(3) tells; once, it clears the environment. Throws std::system_error.
std::vector<PassedSocket> passed_sockets();

} // namespace astcti::net
