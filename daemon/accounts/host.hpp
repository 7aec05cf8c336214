// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string_view>

namespace astcti::accounts {

enum class HostMatch {
    inside,
    outside,
    unreadable, // the HOST of the account is neither an address nor a network
};

// Is a peer where HOST wants the person to be? An empty HOST and 0.0.0.0 are anywhere, else it
// is an IPv4 or IPv6 address or a network such as 192.168.20.0/24. `peer` is a numeric address;
// an empty one is a Unix socket, which counts as both loopback addresses.
HostMatch match_host(std::string_view host, std::string_view peer);

// How narrow a network is: 128 for one address, of either family; 0 if it is none.
std::size_t network_bits(std::string_view host);

} // namespace astcti::accounts
