// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/rules/server_hosts.hpp"

#include <algorithm>

namespace astcti::rules {
namespace {

constexpr std::size_t max_host = 253;
constexpr std::size_t max_port_digits = 5;
constexpr std::string_view digits = "0123456789";
constexpr std::string_view name_characters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-";
constexpr std::string_view address_characters = "0123456789ABCDEFabcdef:";

bool consists_of(std::string_view text, std::string_view characters) noexcept {
    return !text.empty() && text.find_first_not_of(characters) == text.npos;
}

std::string lower(std::string text) {
    for (char& c : text)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return text;
}

} // namespace

bool is_host(std::string_view text) noexcept {
    auto host = text.substr(0, text.starts_with('[') ? text.find(']') : text.find(':'));
    auto rest = text.substr(host.size());
    auto characters = name_characters;
    if (text.starts_with('[')) {
        if (rest.empty())
            return false;
        host.remove_prefix(1);
        rest.remove_prefix(1);
        characters = address_characters;
    }
    if (!consists_of(host, characters) || host.size() > max_host)
        return false;
    return rest.empty() || (rest.starts_with(':') && rest.size() <= 1 + max_port_digits &&
                            consists_of(rest.substr(1), digits));
}

void forbid_other_hosts(Rules& servers, const std::vector<std::string>& hosts) {
    for (auto& rule : servers) {
        const auto* url = std::get_if<UrlTemplate>(&rule.action);
        const auto host = lower(url ? https_host(*url) : std::string());
        const bool allowed = !host.empty() && std::ranges::any_of(hosts, [&](const auto& one) {
            return lower(one) == host;
        });
        rule.not_allowed =
            allowed ? std::string()
                    : "it opens a page of " + host + ", which the administrator does not allow";
    }
}

} // namespace astcti::rules
