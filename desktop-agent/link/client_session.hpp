// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "desktop-agent/link/secret.hpp"
#include "protocol/event.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace astcti::link {

// Who logs in, and how. Without a password the server asks the system who is at the other
// end of the Unix socket.
struct Login {
    std::string user;
    bool by_password = false;
    Secret token = Secret(); // of an earlier session, tried before the password
};

// What the server gives for the way back, PROTOCOL.md section 2.1. What it did not say is
// empty, or 0.
struct Grant {
    Secret token;
    std::chrono::seconds life{0};
    std::optional<std::chrono::milliseconds> spread;
};

enum class Failure {
    refused,     // wrong name or password, or the administrator does not want this
    no_password, // nobody knows it
    untrusted,   // nothing may be sent to this server
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
    struct NeedPassword {}; // call password(); the token, if there was one, is worth nothing
    struct LoggedIn {
        Grant grant;
    };
    struct Alive {}; // the answer to probe()
    struct Renewed { // the answer to renew()
        Grant grant;
    };
    struct RulesTold {                   // the answer to ask_rules()
        std::optional<std::string> list; // that the server has; nothing: it has none
    };
    struct Received {
        protocol::Event event;
    };
    struct Skipped { // an event of a later version
        std::string name;
    };
    struct Failed { // close the connection; further lines mean nothing
        Failure kind;
        std::string why;
        std::optional<std::chrono::milliseconds> retry = std::nullopt; // if the server said so
    };
    using Action = std::variant<Nothing, Send, NeedPassword, LoggedIn, Alive, Renewed, RulesTold,
                                Received, Skipped, Failed>;

    explicit ClientSession(Login login) : login_(std::move(login)) {}

    Action line(std::string_view line);

    // The answer to NeedPassword.
    Action password(const Secret& password);

    // A line that asks for a sign of life. None while the server owes us one anyway.
    std::optional<std::string> probe();

    // A line that asks for another token. None if that would not be answered now.
    std::optional<std::string> renew();

    // May be asked for its rules; known once it is online.
    bool offers_rules() const noexcept { return offers_rules_; }

    // A line that asks for the server's rules, of which the list `known` need not be told again.
    // None if that would not be answered now.
    std::optional<std::string> ask_rules(const std::string& known);

    // The connection is gone.
    void over() noexcept { phase_ = Phase::over; }

    // The server owes us an answer, or the rest of the first snapshot.
    bool is_waiting() const noexcept { return phase_ < Phase::online; }

    // The server owes us an answer to probe(), renew() or ask_rules().
    bool is_asking() const noexcept { return !asked_.empty(); }

private:
    enum class Phase { welcome, hello, token, password, login, snapshot, online, over };
    enum class Question { probe, token, rules };

    Action fail(Failure kind, std::string why,
                std::optional<std::chrono::milliseconds> retry = std::nullopt);
    Action welcomed(int code, std::string_view text);
    Action greeted(int code, std::string_view text);
    Action log_in(std::string_view methods);
    Action need_password();
    Action token_answered(int code, std::string_view text);
    Action authenticated(int code, std::string_view text);
    Action answered(int code, std::string_view text, std::string_view line);
    Action told(std::string_view line);
    Action received(protocol::Event event);

    Login login_;
    Phase phase_ = Phase::welcome;
    std::uint64_t next_seq_ = 1;
    std::deque<Question> asked_; // in the order of the answers to come
    bool offers_plain_ = false;
    bool offers_rules_ = false;
};

} // namespace astcti::link
