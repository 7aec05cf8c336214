// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/net/address.hpp"

#include <arpa/inet.h>
#include <cstring>
#include <fmt/format.h>
#include <memory>
#include <netdb.h>
#include <netinet/in.h>
#include <stdexcept>
#include <sys/un.h>

namespace astcti::net {
namespace {

template <typename Sockaddr>
Sockaddr as(const Address& address) noexcept {
    Sockaddr out{};
    std::memcpy(&out, &address.storage, sizeof out);
    return out;
}

template <typename Sockaddr>
Address make(const Sockaddr& from, socklen_t length) noexcept {
    Address address;
    std::memcpy(&address.storage, &from, sizeof from);
    address.length = length;
    return address;
}

std::uint16_t port_of(const Address& address) noexcept {
    return ntohs(address.storage.ss_family == AF_INET ? as<sockaddr_in>(address).sin_port
                                                      : as<sockaddr_in6>(address).sin6_port);
}

} // namespace

std::string Address::host() const {
    char text[INET6_ADDRSTRLEN] = {};
    if (storage.ss_family == AF_INET) {
        const auto in = as<sockaddr_in>(*this);
        ::inet_ntop(AF_INET, &in.sin_addr, text, sizeof text);
    } else if (storage.ss_family == AF_INET6) {
        const auto in = as<sockaddr_in6>(*this);
        // A client that comes by IPv4 to an IPv6 socket is known by its IPv4 address.
        if (IN6_IS_ADDR_V4MAPPED(&in.sin6_addr))
            ::inet_ntop(AF_INET, &in.sin6_addr.s6_addr[12], text, sizeof text);
        else
            ::inet_ntop(AF_INET6, &in.sin6_addr, text, sizeof text);
    } else {
        return "local";
    }
    return text;
}

std::string Address::to_string() const {
    if (storage.ss_family == AF_UNIX) {
        const auto un = as<sockaddr_un>(*this);
        return un.sun_path[0] ? un.sun_path : "local";
    }
    if (storage.ss_family == AF_INET6)
        return fmt::format("[{}]:{}", host(), port_of(*this));
    return fmt::format("{}:{}", host(), port_of(*this));
}

bool Address::is_loopback() const noexcept {
    constexpr std::uint32_t loopback_net = 127;
    if (storage.ss_family == AF_UNIX)
        return true;
    if (storage.ss_family == AF_INET)
        return ntohl(as<sockaddr_in>(*this).sin_addr.s_addr) >> 24U == loopback_net;
    const auto in = as<sockaddr_in6>(*this).sin6_addr;
    return IN6_IS_ADDR_LOOPBACK(&in) ||
           (IN6_IS_ADDR_V4MAPPED(&in) && in.s6_addr[12] == loopback_net);
}

std::optional<Address> ip_address(const std::string& digits, std::uint16_t port) {
    sockaddr_in in{};
    if (::inet_pton(AF_INET, digits.c_str(), &in.sin_addr) == 1) {
        in.sin_family = AF_INET;
        in.sin_port = htons(port);
        return make(in, sizeof in);
    }
    sockaddr_in6 in6{};
    if (::inet_pton(AF_INET6, digits.c_str(), &in6.sin6_addr) == 1) {
        in6.sin6_family = AF_INET6;
        in6.sin6_port = htons(port);
        return make(in6, sizeof in6);
    }
    return std::nullopt;
}

std::optional<Address> unix_address(const std::string& path) {
    sockaddr_un un{};
    if (path.empty() || path.size() >= sizeof un.sun_path)
        return std::nullopt;
    un.sun_family = AF_UNIX;
    std::memcpy(un.sun_path, path.c_str(), path.size() + 1);
    return make(un, sizeof un);
}

std::vector<Address> resolve(const std::string& host, std::uint16_t port) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICSERV;
    addrinfo* found = nullptr;
    const int error = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
    if (error != 0)
        throw std::runtime_error(fmt::format("cannot look up {}: {}", host, ::gai_strerror(error)));

    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owned(found, ::freeaddrinfo);
    std::vector<Address> addresses;
    for (const auto* info = found; info; info = info->ai_next) {
        Address address;
        std::memcpy(&address.storage, info->ai_addr, info->ai_addrlen);
        address.length = info->ai_addrlen;
        addresses.push_back(address);
    }
    return addresses;
}

} // namespace astcti::net
