// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/clients/connection_table.hpp"

#include <utility>

namespace astcti::clients {

ConnectionTable::ConnectionTable(event::Loop& loop, ConnectionHandler& handler,
                                 const DialPolicy& policy, std::size_t descriptors)
    : loop_(loop), handler_(handler), policy_(policy), admission_(descriptors), groups_(loop),
      sweeper_(loop, [this] { sweep(); }), turn_(loop,
                                                 [this] {
                                                     for (const auto id : std::exchange(turns_, {}))
                                                         if (auto* connection = find(id))
                                                             connection->go_on();
                                                 }),
      ticker_(loop, [this] { tick(); }) {}

ConnectionTable::Arrival ConnectionTable::add(std::unique_ptr<net::Stream> stream, Peer peer) {
    const auto id = ++last_id_;
    const auto decision =
        admission_.arrived(id, peer.shared ? "" : peer.source, [this](SessionId other) {
            const auto* connection = find(other);
            return connection && connection->session().is_waiting();
        });
    if (decision.makes_room)
        if (auto* oldest = find(*decision.makes_room))
            oldest->close("there are too many that have not logged in");
    if (decision.verdict != Admission::Verdict::admitted)
        return {nullptr, decision.verdict};
    if (connections_.empty())
        ticker_.start(tick_interval);
    auto connection =
        std::make_unique<Connection>(loop_, groups_, std::move(stream),
                                     Session(id, std::move(peer), sessions_, policy_), handler_);
    auto* const added = connections_.emplace(id, std::move(connection)).first->second.get();
    ++handshakes_;
    return {added};
}

Connection* ConnectionTable::find(SessionId id) noexcept {
    const auto found = connections_.find(id);
    return found == connections_.end() || found->second->is_closed() ? nullptr
                                                                     : found->second.get();
}

void ConnectionTable::logged_in(const Connection& connection) {
    sessions_.add(connection.session().entry());
    admission_.logged_in(connection.id());
}

void ConnectionTable::changed(const Connection& connection) {
    sessions_.replace(connection.session().entry());
}

void ConnectionTable::forget(const Connection& connection) {
    if (!connection.is_opened())
        --handshakes_;
    if (connection.session().is_logged_in())
        sessions_.remove(connection.id());
    admission_.left(connection.id());
    sweeper_.request();
}

void ConnectionTable::give_turn(const Connection& connection) {
    turns_.push_back(connection.id());
    turn_.start({});
}

void ConnectionTable::set_silent(const Connection& connection, bool is_silent) {
    sessions_.set_silent(connection.id(), is_silent);
}

void ConnectionTable::say_goodbye(std::chrono::milliseconds spread) {
    for (auto& [id, connection] : connections_)
        connection->say_goodbye(spread);
}

void ConnectionTable::tick() {
    // As it is now: who makes room for others does so for all of them.
    const bool crowded = is_crowded();
    for (auto& [id, connection] : connections_)
        connection->tick(crowded);
    if (!connections_.empty())
        ticker_.start(tick_interval);
}

void ConnectionTable::sweep() {
    std::erase_if(connections_, [](const auto& entry) { return entry.second->is_closed(); });
}

} // namespace astcti::clients
