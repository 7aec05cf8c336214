// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/clients/admission.hpp"
#include "daemon/clients/connection.hpp"
#include "daemon/clients/session_table.hpp"
#include "daemon/event/deferred.hpp"
#include "daemon/event/timer.hpp"

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <vector>

namespace astcti::clients {

// Owns the connections and knows who is logged in. A connection that fails is only marked;
// it is destroyed from the loop, so no object ever deletes itself.
class ConnectionTable {
public:
    // How often the deadlines of all connections are looked at.
    static constexpr auto tick_interval = std::chrono::milliseconds(500);
    // Each costs memory and a signature, and nobody has shown yet who it is.
    static constexpr std::size_t max_handshakes = 512;

    // `descriptors` is how many this process may have.
    ConnectionTable(event::Loop& loop, ConnectionHandler& handler, const DialPolicy& policy,
                    std::size_t descriptors);

    // Why not, if there is no connection: then the stream is closed at once.
    struct Arrival {
        Connection* connection = nullptr;
        Admission::Verdict verdict = Admission::Verdict::admitted;
    };
    Arrival add(std::unique_ptr<net::Stream> stream, Peer peer);

    // Null if it is gone, or marked closed.
    Connection* find(SessionId id) noexcept;

    // After a login was accepted.
    void logged_in(const Connection& connection);
    // After what its session is told of was.
    void changed(const Connection& connection);
    // To be called by the handler's opened(), closed(), wants_turn() and silence_changed().
    void opened() noexcept { --handshakes_; }
    void forget(const Connection& connection);
    void give_turn(const Connection& connection);
    void set_silent(const Connection& connection, bool is_silent);

    // Says goodbye to all, as far as each takes it now.
    void say_goodbye(std::chrono::milliseconds spread);

    const SessionTable& sessions() const noexcept { return sessions_; }
    const Admission& admission() const noexcept { return admission_; }
    std::size_t size() const noexcept { return connections_.size(); }
    // So many are in their handshake that no further one may begin.
    bool is_crowded() const noexcept { return handshakes_ >= max_handshakes; }

private:
    void sweep();
    void tick();

    event::Loop& loop_;
    ConnectionHandler& handler_;
    const DialPolicy& policy_;
    SessionTable sessions_;
    Admission admission_;
    SessionId last_id_ = 0;
    Connection::Groups groups_;
    std::size_t handshakes_ = 0;
    std::map<SessionId, std::unique_ptr<Connection>> connections_;
    std::vector<SessionId> turns_; // that want another one
    event::Deferred sweeper_;
    event::Timer turn_;
    event::Timer ticker_;
};

} // namespace astcti::clients
