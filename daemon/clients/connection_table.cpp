// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/clients/connection_table.hpp"

namespace astcti::clients {

ConnectionTable::ConnectionTable(event::Loop& loop, ConnectionHandler& handler,
                                 const DialPolicy& policy)
    : loop_(loop), handler_(handler), policy_(policy), sweeper_(loop, [this] { sweep(); }) {}

Connection* ConnectionTable::add(base::UniqueFd fd, Peer peer) {
    if (connections_.size() >= max_clients)
        return nullptr;
    const auto id = ++last_id_;
    auto connection = std::make_unique<Connection>(
        loop_, std::move(fd), Session(id, std::move(peer), sessions_, policy_), handler_);
    return connections_.emplace(id, std::move(connection)).first->second.get();
}

Connection* ConnectionTable::find(SessionId id) noexcept {
    const auto found = connections_.find(id);
    return found == connections_.end() || found->second->is_closed() ? nullptr
                                                                     : found->second.get();
}

void ConnectionTable::logged_in(const Connection& connection) {
    sessions_.add(connection.session().entry());
}

void ConnectionTable::forget(const Connection& connection) {
    sessions_.remove(connection.id());
    sweeper_.request();
}

void ConnectionTable::sweep() {
    std::erase_if(connections_, [](const auto& entry) { return entry.second->is_closed(); });
}

} // namespace astcti::clients
