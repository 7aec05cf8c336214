// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/accounts/login.hpp"
#include "daemon/clients/policy.hpp"
#include "daemon/clients/session_table.hpp"
#include "protocol/command.hpp"
#include "protocol/event.hpp"
#include "protocol/original_event.hpp"
#include "protocol/reply.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace astcti::clients {

// Who is at the other end, before any login.
struct Peer {
    std::string address;                // numeric; empty: a Unix socket
    std::string label;                  // for the log: the address, or "local user anna"
    bool trusted = false;               // Unix socket or loopback: a password may be sent
    std::optional<std::string> account; // what the peer's Unix user is mapped to
};

// What a session cannot do itself; its owner answers with login_done(), or does it.
struct LoginRequest {
    accounts::Credentials credentials;
};
struct OriginateRequest {
    std::string number;
    std::string context;
};
struct SnapshotRequest {};
using Request = std::variant<LoginRequest, OriginateRequest, SnapshotRequest>;

// One client's conversation, from the welcome on, in either dialect. Pure: lines in, bytes
// and requests out. While a login is being checked no line may be fed.
class Session {
public:
    static constexpr int max_login_failures = 3;

    // What to do, in this order: send, then act, then close.
    struct Step {
        std::string send;
        std::optional<Request> request;
        bool close = false;
    };

    Session(SessionId id, Peer peer, const SessionTable& others, const DialPolicy& policy);

    Step begin() const;
    Step received(std::string_view line);
    Step received_too_long();

    // The answer to a LoginRequest. On success the owner adds entry() to the table, after
    // which it is told events, beginning with a snapshot.
    Step login_done(const accounts::LoginOutcome& outcome);
    // An OriginateRequest could not be done: there is no PBX to ask.
    Step originate_done(bool handed_over);

    bool is_waiting() const noexcept { return waiting_; }
    bool is_logged_in() const noexcept { return logged_in_; }
    std::size_t max_line() const noexcept;
    const LoggedIn& entry() const noexcept { return entry_; }
    const Peer& peer() const noexcept { return peer_; }

    // An event as bytes, numbered; `time` in microseconds since 1970.
    std::string encode(const protocol::EventBody& event, protocol::Microseconds time);
    static std::string encode(const protocol::OriginalEvent& event);

private:
    Step native(const protocol::Command& command);
    Step native_auth(const protocol::Command& command);
    Step original(const protocol::Command& command);
    Step original_pass(std::string_view md5);
    Step originate(const protocol::Command& command);
    Step ask_login(accounts::Credentials credentials);
    Step refuse_login(protocol::ReplyCode code, std::string_view text);
    Step reply(protocol::ReplyCode code, std::string_view text) const;

    Peer peer_;
    const SessionTable& others_;
    const DialPolicy& policy_;
    LoggedIn entry_;
    bool native_ = false;
    bool logged_in_ = false;
    bool waiting_ = false;
    std::string tag_;  // of the command that is being answered
    std::string user_; // named by USER, not verified
    int failures_ = 0;
    std::uint64_t last_seq_ = 0;
};

} // namespace astcti::clients
