// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/link/server_address.hpp"

#include "protocol/utf8.hpp"

#include <charconv>

namespace astcti::link {
namespace {

constexpr std::string_view unix_prefix = "unix:";
constexpr std::string_view tcp_prefix = "tcp://";
constexpr std::size_t max_unix_path = 107; // sockaddr_un

bool is_host(std::string_view text, bool in_brackets) noexcept {
    constexpr std::string_view name =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_";
    constexpr std::string_view address = "ABCDEFabcdef0123456789:.";
    return !text.empty() &&
           text.find_first_not_of(in_brackets ? address : name) == std::string_view::npos;
}

std::optional<ServerAddress> read_tcp(std::string_view text) {
    const bool in_brackets = text.starts_with('[');
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos)
        return std::nullopt;
    auto host = text.substr(0, colon);
    if (in_brackets) {
        if (!host.ends_with(']'))
            return std::nullopt;
        host = host.substr(1, host.size() - 2);
    }
    const auto digits = text.substr(colon + 1);
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (error != std::errc{} || end != digits.data() + digits.size() || port == 0)
        return std::nullopt;
    if (!is_host(host, in_brackets))
        return std::nullopt;
    return TcpAddress{std::string(host), port};
}

} // namespace

std::optional<ServerAddress> read_server_address(std::string_view text) {
    if (text.starts_with(tcp_prefix))
        return read_tcp(text.substr(tcp_prefix.size()));
    if (!text.starts_with(unix_prefix))
        return std::nullopt;
    const auto path = text.substr(unix_prefix.size());
    if (!path.starts_with('/') || path.size() > max_unix_path || !protocol::is_clean_line(path))
        return std::nullopt;
    return UnixAddress{std::string(path)};
}

std::string to_text(const ServerAddress& address) {
    if (const auto* local = std::get_if<UnixAddress>(&address))
        return std::string(unix_prefix) + local->path;
    const auto& tcp = std::get<TcpAddress>(address);
    const bool brackets = tcp.host.find(':') != std::string::npos;
    return std::string(tcp_prefix) + (brackets ? "[" + tcp.host + "]" : tcp.host) + ":" +
           std::to_string(tcp.port);
}

} // namespace astcti::link
