// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/ami/client.hpp"
#include "daemon/calls/call_table.hpp"
#include "daemon/clients/connection_table.hpp"
#include "daemon/config/config.hpp"
#include "daemon/event/worker_pool.hpp"
#include "daemon/logins.hpp"
#include "daemon/net/listener.hpp"
#include "daemon/recording.hpp"
#include "daemon/routing/router.hpp"

#include <chrono>
#include <list>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace astcti {

// Owns all parts in the order in which they need each other, and joins them: AMI events
// become person calls, person calls become bytes for clients, requests of clients become
// jobs for the workers or actions for Asterisk.
class Daemon final : ami::ClientHandler, clients::ConnectionHandler {
public:
    // A PBX that is away for longer has no calls any more.
    static constexpr auto max_pbx_gap = std::chrono::seconds(30);
    static constexpr unsigned worker_threads = 2;
    // How long a new telephone of an account that is not logged in may be taken for a stranger's.
    static constexpr auto devices_interval = std::chrono::seconds(60);

    // Opens what is to be listened on; `control` is the path of the administrator's socket, or
    // empty for none. Throws config::ConfigError or std::system_error.
    Daemon(config::Config config, const std::string& credentials_dir, const std::string& control);

    // Until SIGTERM or SIGINT. Returns the exit code.
    int run();

private:
    // One PBX: its connection and its calls.
    struct Pbx {
        Pbx(Daemon& daemon, const config::Manager& manager, const std::string& secret);

        calls::CallTable calls;
        routing::Aliases aliases;
        ami::Client client;
        event::Timer gone;      // away for too long
        bool is_listed = false; // since it is connected
    };

    void connected(ami::Client& client) override;
    void snapshot_begun(ami::Client& client) override;
    bool wants(ami::Client& client, std::string_view event, std::string_view packet) override;
    void received(ami::Client& client, const ami::Packet& packet,
                  ami::Session::Meaning meaning) override;
    void snapshot_done(ami::Client& client) override;
    void originate_failed(ami::Client& client, const ami::Originate& originate,
                          const std::string& why) override;
    void disconnected(ami::Client& client) override;
    void requested(clients::Connection& connection, clients::Request request) override;
    void closed(clients::Connection& connection, std::string_view why) override;

    void open_listeners();
    void listen(net::ListeningSocket socket);
    void accepted(base::UniqueFd fd, const net::Address& peer);
    void add_client(base::UniqueFd fd, clients::Peer peer);
    void check_accounts();
    void read_devices();
    void log_in(clients::Connection& connection, const accounts::Credentials& credentials);
    void login_done(clients::SessionId id, const accounts::LoginOutcome& outcome);
    void originate(clients::Connection& connection, const clients::OriginateRequest& request);
    void send_snapshot(clients::Connection& connection);

    Pbx& pbx_of(const ami::Client& client);
    void apply(Pbx& pbx, const calls::Changes& changes);
    void tell_pbx(const Pbx& pbx, bool up);
    void deliver(const std::vector<routing::Delivery>& deliveries);
    void update_status();

    config::Config config_;
    clients::DialPolicy policy_;
    std::string epoch_;
    std::uint64_t originates_ = 0;
    event::Loop loop_;
    event::WorkerPool workers_;
    event::WorkerPool lookups_; // of host names
    Logins logins_;
    clients::ConnectionTable clients_;
    routing::Router router_;
    event::Timer devices_due_;
    std::list<Pbx> pbxs_; // the loop holds their addresses
    std::list<net::Listener> listeners_;
    Recording recording_;
    std::string status_;
};

} // namespace astcti
