// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "protocol/event.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace astcti::link {

// Who logs in. Without a password the server asks the system who is at the other end of
// the Unix socket.
struct Login {
    std::string user;
    std::optional<std::string> password;
};

enum class Failure {
    refused,     // wrong name or password, or the administrator does not want this
    unsupported, // not a server that this agent can talk to
    try_later,   // the server says so
    protocol,    // rubbish: events may have been lost
    closed,      // the server says good-bye
};

// The client's side of PROTOCOL.md section 2 and 3: a line of the server in, what to do
// about it out. Knows no socket and no clock.
class ClientSession {
public:
    struct Nothing {};
    struct Send {
        std::string line; // LF included
    };
    struct LoggedIn {};
    struct Alive {}; // the answer to probe()
    struct Received {
        protocol::Event event;
    };
    struct Skipped { // an event of a later version
        std::string name;
    };
    struct Failed { // close the connection; further lines mean nothing
        Failure kind;
        std::string why;
    };
    using Action = std::variant<Nothing, Send, LoggedIn, Alive, Received, Skipped, Failed>;

    explicit ClientSession(Login login) : login_(std::move(login)) {}

    Action line(std::string_view line);

    // A line that asks for a sign of life. None while the server owes us an answer anyway.
    std::optional<std::string> probe();

    // The server owes us an answer, or the rest of the first snapshot.
    bool is_waiting() const noexcept { return phase_ < Phase::online; }

private:
    enum class Phase { welcome, hello, login, snapshot, online, over };

    Action fail(Failure kind, std::string why);
    Action welcomed(int code, std::string_view text);
    Action greeted(int code, std::string_view text);
    Action authenticated(int code, std::string_view text);
    Action told(std::string_view line);
    Action received(protocol::Event event);

    Login login_;
    Phase phase_ = Phase::welcome;
    std::uint64_t next_seq_ = 1;
    bool is_probing_ = false;
};

} // namespace astcti::link
