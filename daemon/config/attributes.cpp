// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/config/attributes.hpp"

#include <arpa/inet.h>
#include <charconv>

namespace astcti::config {

bool has(const xmlNode* element, const char* attribute) noexcept {
    return xmlHasProp(element, xml(attribute)) != nullptr;
}

std::string text(const xmlNode* element, const char* attribute) {
    const std::unique_ptr<xmlChar, decltype(xmlFree)> value(xmlGetNoNsProp(element, xml(attribute)),
                                                            xmlFree);
    return std::string(view(value.get()));
}

std::uint16_t port(const xmlNode* element, std::uint16_t otherwise) {
    auto digits = text(element, "port");
    std::erase_if(digits, [](char c) { return c == ' ' || c == '\t' || c == '\n'; });
    std::uint16_t value = otherwise;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
}

bool is_network(const std::string& text) {
    constexpr unsigned v4_bits = 32;
    constexpr unsigned v6_bits = 128;
    const auto slash = text.find('/');
    const auto address = text.substr(0, slash);
    in6_addr parsed{};
    unsigned most = 0;
    if (::inet_pton(AF_INET, address.c_str(), &parsed) == 1)
        most = v4_bits;
    else if (::inet_pton(AF_INET6, address.c_str(), &parsed) == 1)
        most = v6_bits;
    if (most == 0 || slash == text.npos)
        return most != 0;
    unsigned bits = 0;
    const auto* const end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data() + slash + 1, end, bits);
    return error == std::errc{} && stopped == end && bits <= most;
}

bool is_loopback(const std::string& address) {
    in_addr v4{};
    if (::inet_pton(AF_INET, address.c_str(), &v4) == 1)
        return (ntohl(v4.s_addr) >> 24U) == 127;
    in6_addr v6{};
    return ::inet_pton(AF_INET6, address.c_str(), &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

} // namespace astcti::config
