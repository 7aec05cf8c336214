// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/control/connection.hpp"
#include "daemon/event/deferred.hpp"
#include "daemon/net/listener.hpp"

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace astcti::control {

// Whoever can do what the administrator asks for.
class Handler {
public:
    // To be answered by Server::answer() or refuse(), now or later.
    virtual void requested(RequestId id, std::string_view line) = 0;

protected:
    ~Handler() = default; // never owned through the interface
};

// The administrator's door: a Unix socket that serves root and the daemon's own user and tells
// anyone else that it does not. A client sends one line and gets "OK LENGTH" and as many bytes,
// or "ERROR" and a sentence.
class Server final : ConnectionHandler {
public:
    static constexpr std::size_t max_connections = 4;

    // Throws std::system_error if the socket cannot be made.
    Server(event::Loop& loop, const std::string& path, Handler& handler, Deadlines deadlines = {});
    Server(const Server&) = delete;

    // A request whose client is gone is none any more: then they do nothing.
    void answer(RequestId id, std::string bytes);
    void refuse(RequestId id, std::string_view sentence);

    std::size_t size() const noexcept { return connections_.size(); }

private:
    void requested(Connection& connection, std::string_view line) override;
    void closed(Connection& connection) override;
    void accepted(base::UniqueFd fd);
    Connection* find(RequestId id) noexcept;

    event::Loop& loop_;
    Handler& handler_;
    Deadlines deadlines_;
    RequestId last_id_ = 0;
    std::map<RequestId, std::unique_ptr<Connection>> connections_;
    event::Deferred sweeper_;
    net::Listener listener_;
};

} // namespace astcti::control
