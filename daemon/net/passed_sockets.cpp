// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/net/passed_sockets.hpp"

#include "daemon/base/system_error.hpp"

#include <cstdlib>
#include <systemd/sd-daemon.h>

namespace astcti::net {

std::vector<PassedSocket> passed_sockets() {
    char** names = nullptr;
    const int count = base::check(sd_listen_fds_with_names(1, &names),
                                  "cannot take the sockets that systemd passed");
    std::vector<PassedSocket> sockets;
    for (int i = 0; i < count; ++i) {
        sockets.push_back({names[i], SD_LISTEN_FDS_START + i});
        std::free(names[i]);
    }
    std::free(names);
    return sockets;
}

} // namespace astcti::net
