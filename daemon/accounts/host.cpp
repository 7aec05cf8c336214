// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/accounts/host.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>

namespace astcti::accounts {
namespace {

constexpr std::size_t v4_bits = 32;
constexpr std::size_t v6_bits = 128;

// IPv4 addresses are kept as IPv6 ones (::ffff:a.b.c.d), so a peer of a socket for both families
// is the same peer.
using Address = std::array<std::uint8_t, 16>;

struct Parsed {
    Address address{};
    std::size_t bits = 0; // of its own family
};

std::optional<Parsed> parse(std::string_view text) {
    const std::string terminated(text);
    Parsed parsed;
    if (terminated.find('\0') != terminated.npos)
        return std::nullopt;
    if (::inet_pton(AF_INET, terminated.c_str(), &parsed.address[12]) == 1) {
        parsed.address[10] = parsed.address[11] = 0xFF;
        parsed.bits = v4_bits;
        return parsed;
    }
    if (::inet_pton(AF_INET6, terminated.c_str(), parsed.address.data()) != 1)
        return std::nullopt;
    parsed.bits = v6_bits;
    return parsed;
}

bool in_network(const Address& network, std::size_t bits, const Address& address) noexcept {
    const auto whole = bits / 8;
    if (!std::equal(network.begin(), network.begin() + static_cast<std::ptrdiff_t>(whole),
                    address.begin()))
        return false;
    const auto rest = bits % 8;
    if (rest == 0)
        return true;
    const auto mask = 0xFFU << (8 - rest);
    return ((network[whole] ^ address[whole]) & mask) == 0;
}

// With its bits as those of an IPv6 network.
std::optional<Parsed> parse_network(std::string_view host) {
    const auto slash = host.find('/');
    auto network = parse(host.substr(0, slash));
    if (!network)
        return std::nullopt;
    auto bits = network->bits;
    if (slash != host.npos) {
        const auto digits = host.substr(slash + 1);
        const auto [end, error] =
            std::from_chars(digits.data(), digits.data() + digits.size(), bits);
        if (error != std::errc{} || end != digits.data() + digits.size() || bits > network->bits)
            return std::nullopt;
    }
    network->bits = bits + v6_bits - network->bits;
    return network;
}

} // namespace

std::size_t network_bits(std::string_view host) {
    if (host == "0.0.0.0") // anywhere
        return 0;
    const auto network = parse_network(host);
    return network ? network->bits : 0;
}

HostMatch match_host(std::string_view host, std::string_view peer) {
    if (host.empty() || host == "0.0.0.0")
        return HostMatch::inside;
    const auto network = parse_network(host);
    if (!network)
        return HostMatch::unreadable;

    const auto inside = [&](std::string_view address) {
        // A link-local address may come with its interface.
        const auto parsed = parse(address.substr(0, address.find('%')));
        return parsed && in_network(network->address, network->bits, parsed->address);
    };
    if (peer.empty())
        return inside("127.0.0.1") || inside("::1") ? HostMatch::inside : HostMatch::outside;
    return inside(peer) ? HostMatch::inside : HostMatch::outside;
}

} // namespace astcti::accounts
