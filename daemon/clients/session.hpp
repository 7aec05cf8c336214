// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/accounts/login.hpp"
#include "daemon/clients/policy.hpp"
#include "daemon/clients/session_table.hpp"
#include "protocol/command.hpp"
#include "protocol/event.hpp"
#include "protocol/original_event.hpp"
#include "protocol/reply.hpp"

#include <chrono>
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
    bool trusted = false;               // nobody listens on the way: a password may be sent
    std::optional<std::string> account; // what the peer's Unix user is mapped to
    std::string source = {};            // as the limits count; see Admission
    bool shared = false;                // a trusted network: many people come from there
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
struct TokenLoginRequest {
    std::string token;
};
struct TokenRequest {}; // another one, for later
struct ExtensionRequest {
    std::string device;
};
struct RulesRequest {}; // those of told_rules() need not be told again
using Request = std::variant<LoginRequest, OriginateRequest, SnapshotRequest, TokenLoginRequest,
                             TokenRequest, ExtensionRequest, RulesRequest>;

// With which a client comes back after a gap, and how.
struct Grant {
    std::string token; // empty: none
    std::chrono::seconds life{};
    std::chrono::milliseconds spread{}; // to come back at any moment of this time
};

// One client's conversation, from the welcome on, in either dialect. Pure: lines in, bytes
// and requests out. While a login or an extension is being checked no line may be fed.
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

    // The answer to a LoginRequest or TokenLoginRequest. On success the owner adds entry() to the
    // table, after which it is told events, beginning with a snapshot.
    Step login_done(const accounts::LoginOutcome& outcome, const Grant& grant = {});
    // The same: it is not looked at now, nor before that time has gone by.
    Step login_put_off(std::chrono::milliseconds wait, std::string_view why);
    // An OriginateRequest could not be done: there is no PBX to ask.
    Step originate_done(bool handed_over);
    // It came too soon after others.
    Step originate_put_off(std::chrono::milliseconds wait) const;
    // The answer to a TokenRequest.
    Step token_done(const Grant& grant) const;
    // The answer to an ExtensionRequest: the device, or nothing if it is not allowed. The owner
    // changes the table on success.
    enum class ExtensionAnswer { allowed, refused, try_later };
    Step extension_done(ExtensionAnswer answer, const std::string& device);

    // The answer to a RulesRequest: the id of the list that there is, or nothing. The owner tells
    // it, now and whenever it is another one than told_rules().
    Step rules_done(const std::string& list) const;
    bool wants_rules() const noexcept { return told_rules_.has_value(); }
    const std::string& told_rules() const { return told_rules_.value(); }
    void set_told_rules(const std::string& list) { told_rules_ = list; }

    // The server ends: what to send before it closes.
    std::string goodbye(std::chrono::milliseconds spread) const;

    // Does who logged in, or is about to, come back with a token? The original's dialect has none,
    // and peer credentials are as good.
    bool has_tokens() const noexcept { return native_ && !is_local_; }
    bool is_native() const noexcept { return native_; }
    // What the account's secret was at the login; see LoginOutcome.
    const std::string& secret_version() const noexcept { return secret_version_; }

    // Events were lost; the next snapshot has another epoch.
    void lost_events() noexcept { ++gaps_; }
    // Of the next snapshot, `server` being that of this life of the server.
    std::string epoch(std::string_view server) const;

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
    Step set_extension(std::string_view device);
    Step ask_rules(std::string_view known);
    std::string greeting() const;
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
    unsigned gaps_ = 0;
    bool is_local_ = false; // logged in by peer credentials
    std::string secret_version_;
    std::optional<std::string> told_rules_; // none: they are not wanted
    std::uint64_t last_seq_ = 0;
};

} // namespace astcti::clients
