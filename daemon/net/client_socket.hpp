// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>

namespace astcti::net {

// A client that is gone without a word is noticed: if it owes nothing by probes, within 30 s after
// it was heard last (Linux counts `unacknowledged` for them as well: 20 s); if something was sent
// to it, 20 s after that.
inline constexpr auto keep_alive_idle = std::chrono::seconds(15);
inline constexpr auto keep_alive_interval = std::chrono::seconds(5);
inline constexpr int keep_alive_probes = 3;
inline constexpr auto unacknowledged = std::chrono::seconds(20);

// Bytes that the kernel holds for a client that does not read them; it takes twice as many for its
// own book-keeping.
inline constexpr int send_buffer = 65536;

// For an accepted socket, or for one that listens by TCP, whose connections Linux gives the same.
// What the kernel does not do (a Unix socket has no probes) stays.
void prepare_client(int fd) noexcept;

} // namespace astcti::net
