// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/clients/admission.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <netinet/in.h>

namespace astcti::clients {

std::string source_of(std::string_view address) {
    constexpr std::size_t host_part = 8; // bytes of an interface's id
    const std::string text(address.substr(0, address.find('%')));
    in6_addr v6{};
    if (::inet_pton(AF_INET6, text.c_str(), &v6) != 1 || IN6_IS_ADDR_V4MAPPED(&v6))
        return std::string(address);
    std::fill_n(&v6.s6_addr[host_part], host_part, std::uint8_t{0});
    char network[INET6_ADDRSTRLEN] = {};
    ::inet_ntop(AF_INET6, &v6, network, sizeof network);
    return std::string(network) + "/64";
}

Admission::Admission(std::size_t descriptors)
    : capacity_(std::min(max_clients, descriptors - std::min(descriptors, reserved_descriptors))) {}

Admission::Decision Admission::arrived(SessionId id, std::string_view source,
                                       const std::function<bool(SessionId)>& is_busy) {
    const std::string name(source);
    if (!name.empty()) {
        const auto found = of_source_.find(name);
        if (found != of_source_.end() && found->second >= max_unauthenticated_per_source)
            return {Verdict::too_many_from_source, {}};
    }
    Decision decision;
    if (clients_ >= capacity_ || strangers_.size() >= max_unauthenticated) {
        const auto oldest = std::ranges::find_if(
            strangers_, [&](const auto& stranger) { return !is_busy(stranger.first); });
        if (oldest == strangers_.end())
            return {clients_ >= capacity_ ? Verdict::too_many_clients : Verdict::too_many_strangers,
                    {}};
        decision.makes_room = oldest->first;
        left(oldest->first);
    }
    ++clients_;
    strangers_.emplace(id, name);
    if (!name.empty())
        ++of_source_[name];
    return decision;
}

void Admission::forget(SessionId id) {
    const auto stranger = strangers_.find(id);
    if (stranger == strangers_.end())
        return;
    const auto count = of_source_.find(stranger->second);
    if (count != of_source_.end() && --count->second == 0)
        of_source_.erase(count);
    strangers_.erase(stranger);
}

void Admission::logged_in(SessionId id) {
    forget(id);
}

void Admission::left(SessionId id) {
    forget(id);
    --clients_;
}

} // namespace astcti::clients
