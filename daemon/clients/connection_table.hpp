// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/clients/connection.hpp"
#include "daemon/clients/session_table.hpp"
#include "daemon/event/deferred.hpp"

#include <cstddef>
#include <map>
#include <memory>
#include <vector>

namespace astcti::clients {

// Owns the connections and knows who is logged in. A connection that fails is only marked;
// it is destroyed from the loop, so no object ever deletes itself.
class ConnectionTable {
public:
    static constexpr std::size_t max_clients = 1024;

    ConnectionTable(event::Loop& loop, ConnectionHandler& handler, const DialPolicy& policy);

    // Null, and the connection is closed at once, if there are too many.
    Connection* add(base::UniqueFd fd, Peer peer);

    // Null if it is gone, or marked closed.
    Connection* find(SessionId id) noexcept;

    // After a login was accepted.
    void logged_in(const Connection& connection);
    // To be called by the handler's closed().
    void forget(const Connection& connection);

    const SessionTable& sessions() const noexcept { return sessions_; }
    std::size_t size() const noexcept { return connections_.size(); }

private:
    void sweep();

    event::Loop& loop_;
    ConnectionHandler& handler_;
    const DialPolicy& policy_;
    SessionTable sessions_;
    SessionId last_id_ = 0;
    std::map<SessionId, std::unique_ptr<Connection>> connections_;
    event::Deferred sweeper_;
};

} // namespace astcti::clients
