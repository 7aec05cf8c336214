// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/base/unique_fd.hpp"
#include "daemon/clients/session.hpp"
#include "daemon/event/io_source.hpp"
#include "daemon/event/timer.hpp"
#include "protocol/line_buffer.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace astcti::clients {

class Connection;

// Whoever owns connections hears of them through this. A connection is still alive during
// every call; the owner destroys it later, from the event loop.
class ConnectionHandler {
public:
    virtual void requested(Connection&, Request) = 0;
    virtual void closed(Connection&, std::string_view why) = 0;

protected:
    ~ConnectionHandler() = default; // never owned through the interface
};

// The socket of one client, around its Session: reads lines, queues what is to be sent, and
// closes on a client that does not log in, or does not read.
class Connection {
public:
    static constexpr auto login_deadline = std::chrono::seconds(10);
    static constexpr std::size_t max_output_queue = 262144;
    static constexpr std::size_t max_read = 65536; // in one turn; then others get theirs

    Connection(event::Loop& loop, base::UniqueFd fd, Session session, ConnectionHandler& handler);
    Connection(const Connection&) = delete; // the loop holds our address

    Session& session() noexcept { return session_; }
    const Session& session() const noexcept { return session_; }
    SessionId id() const noexcept { return session_.entry().id; }
    bool is_closed() const noexcept { return closed_; }

    // For the log: "client 3 (anna)".
    std::string label() const;

    void start();
    // Carries out what the session decided, and goes on with lines that have come meanwhile.
    void perform(Session::Step step);
    void send(std::string_view bytes);

    // Marks it closed and tells the handler, once. What can still be sent is.
    void close(std::string_view why);

private:
    void ready(std::uint32_t events);
    void readable();
    void handle_lines();
    // The client's time to log in does not run while it waits for us.
    void run_deadline();
    void flush();
    void watch();

    Session session_;
    ConnectionHandler& handler_;
    base::UniqueFd fd_;
    event::IoSource source_;
    event::Loop& loop_;
    event::Timer deadline_;
    std::chrono::microseconds left_ = login_deadline; // of it, when it last ran or was stopped
    std::uint64_t ran_from_ = 0;
    bool deadline_runs_ = false;
    protocol::LineBuffer lines_;
    std::string unsent_;
    bool handling_ = false; // handle_lines() is on the stack
    bool closed_ = false;
};

} // namespace astcti::clients
