// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/clients/outbox.hpp"
#include "daemon/clients/session.hpp"
#include "daemon/event/io_group.hpp"
#include "daemon/event/loop.hpp"
#include "daemon/net/stream.hpp"
#include "protocol/line_buffer.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

namespace astcti::clients {

class Connection;

// Whoever owns connections hears of them through this. A connection is still alive during
// every call; the owner destroys it later, from the event loop.
class ConnectionHandler {
public:
    // Its handshake is done, if it had one to do.
    virtual void opened(Connection&) = 0;
    virtual void requested(Connection&, Request) = 0;
    virtual void closed(Connection&, std::string_view why) = 0;
    // It has more lines than one turn is for: go_on() is to be called when others had theirs.
    virtual void wants_turn(Connection&) = 0;
    // One of the original's dialect was silent for long, or is not any more.
    virtual void silence_changed(Connection&, bool is_silent) = 0;

protected:
    ~ConnectionHandler() = default; // never owned through the interface
};

// The socket of one client, around its Session: reads lines, sends what there is to send as fast
// as the client takes it, and closes on a client that does not log in, or does not read. The owner
// calls tick() now and then.
class Connection {
public:
    using Time = Outbox::Time;

    static constexpr auto handshake_deadline = std::chrono::seconds(5); // of TLS
    // The same while others wait for theirs to begin.
    static constexpr auto crowded_handshake_deadline = std::chrono::seconds(1);
    // From the connection on; it does not run while the client waits for us.
    static constexpr auto login_deadline = std::chrono::seconds(10);
    // In one turn; then others get theirs.
    static constexpr std::size_t max_read = 16384; // a whole record of TLS
    static constexpr std::size_t max_read_before_login = 1024;
    static constexpr int max_lines_in_a_turn = 64;
    // The original's clients say NOOP every 1.5 s, and its server waited for them so long.
    static constexpr auto original_timeout = std::chrono::seconds(60);
    static constexpr auto original_silence = std::chrono::seconds(10);

    // Who is logged in goes before who is not, and Asterisk before both.
    struct Groups {
        explicit Groups(event::Loop& loop) : clients(loop, 0), strangers(loop, 10) {}

        event::IoGroup clients;
        event::IoGroup strangers;
    };

    Connection(event::Loop& loop, Groups& groups, std::unique_ptr<net::Stream> stream,
               Session session, ConnectionHandler& handler);
    Connection(const Connection&) = delete; // the loop holds our address

    Session& session() noexcept { return session_; }
    const Session& session() const noexcept { return session_; }
    SessionId id() const noexcept { return session_.entry().id; }
    bool is_closed() const noexcept { return closed_; }
    bool is_opened() const noexcept { return opened_; }
    // Bytes that the client has not taken yet.
    std::size_t unsent() const noexcept { return outbox_.unsent().size(); }

    // For the log: "client 3 (anna)".
    std::string label() const;

    // For a stream on which the server speaks first.
    void start();
    void go_on();
    // `crowded`: too many are in their handshake.
    void tick(bool crowded);
    // Carries out what the session decided, and goes on with lines that have come meanwhile.
    void perform(Session::Step step);

    // An event; it is lost if the client is slow, unless it belongs to a snapshot.
    void tell(const std::variant<protocol::EventBody, protocol::OriginalEvent>& event,
              protocol::Microseconds time, bool in_snapshot);
    // May an event be told? If not it is lost, and a snapshot is owed.
    bool takes_event() { return outbox_.takes_event(now()); }
    // The last words of the server, as far as they can be sent now.
    void say_goodbye(std::chrono::milliseconds spread);

    // Marks it closed and tells the handler, once. What can still be sent is.
    void close(std::string_view why);

private:
    Time now() const;
    void ready(std::uint32_t events);
    void open();
    void readable();
    void handle_lines();
    void send(std::string_view bytes);
    void push();
    void flush();
    void drained();
    // Whether there is to be more to send before this turn ends, or a login.
    bool holds_back() const noexcept;
    std::uint32_t wanted_events() const noexcept;
    void watch();
    void set_silent(bool is_silent);

    event::Loop& loop_;
    Session session_;
    ConnectionHandler& handler_;
    std::unique_ptr<net::Stream> stream_; // none: closed
    Groups& groups_;
    event::IoMember source_;
    protocol::LineBuffer lines_;
    Outbox outbox_;
    Time began_;
    Time heard_;    // when something came last
    Time ticked_;   // tick() was last
    Time waited_{}; // for the answer to a login
    bool opened_ = false;
    bool handling_ = false;  // handle_lines() is on the stack
    int steps_ = 0;          // that are on the stack: what they send goes in one piece
    bool has_lines_ = false; // for another turn
    bool silent_ = false;
    bool closed_ = false;
};

} // namespace astcti::clients
