// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/clients/session_table.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace astcti::clients {

// Where somebody comes from, as the limits count: an IPv4 address, or the /64 network of an IPv6
// one, which is what one desktop has. Anything else is itself.
std::string source_of(std::string_view address);

// Who may connect. Those who have not logged in are few, and fewer from one source; when there are
// too many of them the one that has been idle longest makes room for the one that comes, so that a
// flood keeps nobody out. Pure.
class Admission {
public:
    static constexpr std::size_t max_clients = 16384;
    static constexpr std::size_t max_unauthenticated = 2048;
    static constexpr std::size_t max_unauthenticated_per_source = 10;
    // That are not for clients: Asterisk, databases, the administrator, look-ups.
    static constexpr std::size_t reserved_descriptors = 64;

    enum class Verdict { admitted, too_many_from_source, too_many_clients, too_many_strangers };

    struct Decision {
        Verdict verdict = Verdict::admitted;
        std::optional<SessionId> makes_room; // it is to be closed
    };

    // `descriptors` is RLIMIT_NOFILE.
    explicit Admission(std::size_t descriptors);

    // A source of a trusted network is empty: as many as want come from there. `is_busy` tells
    // whose password is being looked at: they are let be. Ids grow.
    Decision arrived(SessionId id, std::string_view source,
                     const std::function<bool(SessionId)>& is_busy);
    void logged_in(SessionId id);
    void left(SessionId id);

    std::size_t capacity() const noexcept { return capacity_; }
    std::size_t size() const noexcept { return clients_; }
    std::size_t unauthenticated() const noexcept { return strangers_.size(); }

private:
    void forget(SessionId id);

    std::size_t capacity_;
    std::size_t clients_ = 0;
    std::map<SessionId, std::string> strangers_; // by age
    std::unordered_map<std::string, std::size_t> of_source_;
};

} // namespace astcti::clients
