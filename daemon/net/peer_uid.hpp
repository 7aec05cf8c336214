// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <sys/types.h>

namespace astcti::net {

// The user at the other end of a Unix socket (SO_PEERCRED); nothing if the kernel does not say.
std::optional<uid_t> peer_uid(int fd) noexcept;

} // namespace astcti::net
