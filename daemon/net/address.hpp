// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <sys/socket.h>
#include <vector>

namespace astcti::net {

// A socket address of any family, by value.
struct Address {
    sockaddr_storage storage{};
    socklen_t length = 0;

    const sockaddr* get() const noexcept { return reinterpret_cast<const sockaddr*>(&storage); }

    // "127.0.0.1:5038", "[::1]:5038", or the path of a Unix socket ("local" without one).
    std::string to_string() const;
    // The address without the port.
    std::string host() const;
    bool is_loopback() const noexcept; // a Unix socket counts
};

// An IPv4 or IPv6 address in digits; no look-up. Nothing if it is not one.
std::optional<Address> ip_address(const std::string& digits, std::uint16_t port);

// Nothing if the path is too long for a Unix socket (107 bytes).
std::optional<Address> unix_address(const std::string& path);

// The addresses of a host, in the order to try them. Blocks: for a worker thread only.
// Throws std::runtime_error with the resolver's reason.
std::vector<Address> resolve(const std::string& host, std::uint16_t port);

} // namespace astcti::net
