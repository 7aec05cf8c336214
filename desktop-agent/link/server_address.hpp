// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace astcti::link {

inline constexpr std::string_view default_server = "unix:/run/astcti.socket";

struct UnixAddress {
    std::string path;

    bool operator==(const UnixAddress&) const = default;
};

inline constexpr std::uint16_t default_port = 8999;     // PROTOCOL.md section 1, `cti`
inline constexpr std::uint16_t default_tls_port = 8998; // `cti-tls`

struct TcpAddress {
    std::string host; // a name or an address, IPv6 without brackets
    std::uint16_t port = 0;
    bool tls = false;

    bool operator==(const TcpAddress&) const = default;
};

using ServerAddress = std::variant<UnixAddress, TcpAddress>;

// `unix:/absolute/path`, `tls://host[:port]` or `tcp://host[:port]`; nothing for anything else.
std::optional<ServerAddress> read_server_address(std::string_view text);

// As a person writes it.
std::string to_text(const ServerAddress& address);

} // namespace astcti::link
