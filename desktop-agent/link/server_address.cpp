// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/link/server_address.hpp"

#include "protocol/utf8.hpp"

#include <algorithm>
#include <charconv>

namespace astcti::link {
namespace {

constexpr std::string_view unix_prefix = "unix:";
constexpr std::string_view tcp_prefix = "tcp://";
constexpr std::string_view tls_prefix = "tls://";
constexpr std::size_t max_unix_path = 107; // sockaddr_un

bool is_host(std::string_view text, bool in_brackets) noexcept {
    constexpr std::string_view name =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_";
    constexpr std::string_view address = "ABCDEFabcdef0123456789:.";
    return !text.empty() &&
           text.find_first_not_of(in_brackets ? address : name) == std::string_view::npos;
}

std::optional<std::uint16_t> read_port(std::string_view digits) noexcept {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (error != std::errc{} || end != digits.data() + digits.size() || port == 0)
        return {};
    return port;
}

std::optional<ServerAddress> read_tcp(std::string_view text, bool tls) {
    const bool in_brackets = text.starts_with('[');
    const auto host_end = in_brackets ? text.find(']') : text.find(':');
    if (in_brackets && host_end == std::string_view::npos)
        return {};
    const auto host = in_brackets ? text.substr(1, host_end - 1) : text.substr(0, host_end);
    auto rest = text.substr(std::min(host_end, text.size()));
    if (in_brackets)
        rest.remove_prefix(1);
    if (!is_host(host, in_brackets))
        return {};
    std::optional<std::uint16_t> port = tls ? default_tls_port : default_port;
    if (!rest.empty())
        port = rest.front() == ':' ? read_port(rest.substr(1)) : std::nullopt;
    if (!port)
        return {};
    return TcpAddress{std::string(host), *port, tls};
}

} // namespace

std::optional<ServerAddress> read_server_address(std::string_view text) {
    if (text.starts_with(tcp_prefix))
        return read_tcp(text.substr(tcp_prefix.size()), false);
    if (text.starts_with(tls_prefix))
        return read_tcp(text.substr(tls_prefix.size()), true);
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
    return std::string(tcp.tls ? tls_prefix : tcp_prefix) +
           (brackets ? "[" + tcp.host + "]" : tcp.host) + ":" + std::to_string(tcp.port);
}

} // namespace astcti::link
