// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/administration.hpp"
#include "daemon/ami/client.hpp"
#include "daemon/calls/call_table.hpp"
#include "daemon/config/config.hpp"
#include "daemon/desktop_rules.hpp"
#include "daemon/event/at_exit.hpp"
#include "daemon/event/paced.hpp"
#include "daemon/event/signal.hpp"
#include "daemon/event/worker_pool.hpp"
#include "daemon/logins.hpp"
#include "daemon/reception.hpp"
#include "daemon/recording.hpp"
#include "daemon/routing/router.hpp"
#include "daemon/server_identity.hpp"
#include "daemon/tokens.hpp"

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
class Daemon final : ami::ClientHandler, ReceptionHandler {
public:
    // A PBX that is away for longer has no calls any more.
    static constexpr auto max_pbx_gap = std::chrono::seconds(30);
    static constexpr unsigned worker_threads = 2;
    // How long a new telephone of an account that is not logged in may be taken for a stranger's.
    static constexpr auto devices_interval = std::chrono::seconds(60);
    // How long `systemctl status` may be behind: thousands may log in within a second.
    static constexpr auto status_interval = std::chrono::milliseconds(200);

    // Where things are; each may be empty for none.
    struct Places {
        std::string credentials_dir;
        std::string control;   // the administrator's socket
        std::string state_dir; // what is to be there after a restart
    };

    // Opens what is to be listened on. Throws config::ConfigError or std::system_error.
    Daemon(config::Config config, const Places& places);

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
    void originate(clients::Connection& connection,
                   const clients::OriginateRequest& request) override;
    void send_snapshot(clients::Connection& connection) override;
    void send_rules(clients::Connection& connection) override { rules_.asked(connection); }
    void admitted(const accounts::Account& account) override;
    void sessions_changed() override;

    void open_listeners();
    void add_listener(net::ListeningSocket socket, Reception::Door door);
    void add_pbxs();
    void check_accounts();
    void read_devices();
    // What went wrong; empty if nothing did.
    std::string reload();
    std::string describe_reload() const;
    void serve_administrator();
    std::string describe_identity() const;

    Pbx& pbx_of(const ami::Client& client);
    void apply(Pbx& pbx, const calls::Changes& changes);
    void tell_pbx(const Pbx& pbx, bool up);
    void deliver(const std::vector<routing::Delivery>& deliveries);
    void update_status();

    config::Config config_;
    Places places_;
    clients::DialPolicy policy_;
    std::string epoch_;
    std::uint64_t originates_ = 0;
    event::Loop loop_;
    event::WorkerPool workers_;
    event::WorkerPool lookups_; // of host names
    Logins logins_;
    Tokens tokens_;
    Reception reception_;
    DesktopRules rules_;
    routing::Router router_;
    event::Timer devices_due_;
    std::list<Pbx> pbxs_;                         // the loop holds their addresses
    std::optional<IdentityPlace> identity_place_; // of TLS, if there is any
    event::Signal reload_signal_;
    event::AtExit goodbye_;
    Administration administration_;
    Recording recording_;
    event::Paced status_due_;
    std::string status_;
};

} // namespace astcti
