// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string_view>

namespace astcti::net {

// Whether SO_RCVBUF gives a TCP socket more room than the kernel would by itself, in bytes: it
// allows no more than net.core.rmem_max, of which it makes twice as much, and takes away that the
// room grows by need, up to the last of the three numbers of net.ipv4.tcp_rmem (tcp(7), socket(7)).
// The texts are those of the files in /proc/sys; false if they are not understood.
bool enlarges(std::size_t wanted, std::string_view rmem_max, std::string_view tcp_rmem) noexcept;

// At least `wanted` bytes of room where that is allowed: beyond the limits with CAP_NET_ADMIN,
// else within them, if it is more than there would be anyway. Nothing is done if not.
void set_receive_buffer(int fd, std::size_t wanted);

} // namespace astcti::net
