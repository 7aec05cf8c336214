// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/clients/connection_table.hpp"
#include "daemon/clients/penalties.hpp"
#include "daemon/clients/rate.hpp"
#include "daemon/config/config.hpp"
#include "daemon/event/worker_pool.hpp"
#include "daemon/logins.hpp"
#include "daemon/net/listener.hpp"
#include "daemon/net/tls_server.hpp"
#include "daemon/password_checks.hpp"
#include "daemon/tokens.hpp"

#include <chrono>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace astcti {

// Whoever makes something of what logged-in clients want.
class ReceptionHandler {
public:
    virtual void originate(clients::Connection&, const clients::OriginateRequest&) = 0;
    virtual void send_snapshot(clients::Connection&) = 0;
    // Its session wants rules: to be answered with rules_done().
    virtual void send_rules(clients::Connection&) = 0;
    // Somebody logs in, before any call is told: the account may be new.
    virtual void admitted(const accounts::Account&) = 0;
    // Somebody logged in, left, or has another telephone.
    virtual void sessions_changed() = 0;

protected:
    ~ReceptionHandler() = default; // never owned through the interface
};

// Lets clients in: listens, tells where they come from, has their passwords and tokens checked
// within the limits of PROTOCOL.md section 5, and hands on what they want once they are logged in.
class Reception final : clients::ConnectionHandler {
public:
    // What a listening socket is for; PROTOCOL.md section 1.
    enum class Door { local, plain, tls };

    // One line of the log tells of all that were turned away meanwhile.
    static constexpr auto complaint_interval = std::chrono::seconds(10);

    Reception(event::Loop& loop, event::WorkerPool& workers, Logins& logins, Tokens& tokens,
              const config::CtiServer& config, const clients::DialPolicy& policy,
              ReceptionHandler& handler);
    Reception(const Reception&) = delete;

    void listen(net::ListeningSocket socket, Door door);
    // For Door::tls, before the first client comes and at any time after that.
    void set_identity(net::TlsServer identity) { tls_ = std::move(identity); }
    const std::optional<net::TlsServer>& identity() const noexcept { return tls_; }

    clients::ConnectionTable& clients() noexcept { return clients_; }
    const clients::SessionTable& sessions() const noexcept { return clients_.sessions(); }
    // "127.0.0.1:8999, /run/astcti.socket"; empty if nothing is listened on.
    std::string where() const;

    // The last words; nobody is let in after them.
    void say_goodbye();

private:
    using Time = clients::Penalties::Time;

    void requested(clients::Connection& connection, clients::Request request) override;
    void opened(clients::Connection& connection) override;
    void closed(clients::Connection& connection, std::string_view why) override;
    void wants_turn(clients::Connection& connection) override { clients_.give_turn(connection); }
    void silence_changed(clients::Connection& connection, bool is_silent) override {
        clients_.set_silent(connection, is_silent);
    }

    void accepted(base::UniqueFd fd, const net::Address& peer, Door door);
    void accept_local(base::UniqueFd fd);
    clients::Connection* add_client(std::unique_ptr<net::Stream> stream, clients::Peer peer);
    void turned_away(std::string_view from, std::string_view why);
    void hold_tls();
    bool is_in_network(std::string_view address, bool plain) const;

    void log_in(clients::Connection& connection, const accounts::Credentials& credentials);
    void check_password(clients::Connection& connection, const accounts::Credentials& credentials,
                        const std::string& user, const PasswordChecks::Check& counted);
    void log_in_by_token(clients::Connection& connection, const std::string& token);
    void login_done(clients::SessionId id, const accounts::LoginOutcome& outcome,
                    std::string_view means);
    void greet(clients::Connection& connection, const accounts::LoginOutcome& outcome);
    void choose_device(clients::Connection& connection, const std::string& device);
    Time now() const;

    event::Loop& loop_;
    event::WorkerPool& workers_;
    Logins& logins_;
    Tokens& tokens_;
    const config::CtiServer& config_;
    ReceptionHandler& handler_;
    std::optional<net::TlsServer> tls_;
    clients::ConnectionTable clients_;
    clients::Penalties penalties_;
    clients::DialRate rate_;
    PasswordChecks checks_;
    std::list<net::Listener> listeners_; // the loop holds their addresses
    std::vector<net::Listener*> tls_listeners_;
    bool tls_held_ = false;
    Time crowd_told_{};
    Time complained_{};
    unsigned turned_away_ = 0; // since then
};

} // namespace astcti
