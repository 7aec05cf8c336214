// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/daemon.hpp"

#include "daemon/base/log.hpp"
#include "daemon/config/secret.hpp"
#include "daemon/net/passed_sockets.hpp"
#include "daemon/real_time.hpp"
#include "daemon/settings.hpp"

#include <algorithm>
#include <csignal>
#include <functional>
#include <map>
#include <systemd/sd-daemon.h>

namespace astcti {
namespace {

using base::log;
using base::LogLevel;

// Signals must be blocked before the workers exist.
event::Loop& prepared(event::Loop& loop) {
    loop.exit_on_signals();
    loop.feed_watchdog();
    return loop;
}

// "PJSIP/201" → "201": what the dialled side may see.
std::string_view number_of(std::string_view device) {
    const auto slash = device.find('/');
    return slash == device.npos ? device : device.substr(slash + 1);
}

} // namespace

Daemon::Pbx::Pbx(Daemon& daemon, const config::Manager& manager, const std::string& secret)
    : calls(manager.name, kept_variables(manager)), aliases(aliases_of(manager)),
      client(daemon.loop_, daemon.lookups_, endpoint(manager, secret), daemon),
      gone(daemon.loop_, [this, &daemon] { daemon.apply(*this, calls.end_all(real_time())); }) {}

Daemon::Daemon(config::Config config, const Places& places)
    : config_(std::move(config)), places_(places), policy_(dial_policy(config_)),
      epoch_(std::to_string(real_time())), workers_(prepared(loop_), worker_threads),
      lookups_(loop_, lookup_threads(config_)),
      logins_(loop_, store_maker(config_.database, places.credentials_dir), login_rules(config_)),
      tokens_(loop_, workers_, places.state_dir, places.credentials_dir),
      reception_(loop_, workers_, logins_, tokens_, config_.ctiserver, policy_, *this),
      rules_(loop_, reception_.clients(), config_.ctiserver.rules_file),
      router_(reception_.sessions()), devices_due_(loop_, [this] { read_devices(); }),
      reload_signal_(loop_, SIGHUP, [this] { reload(); }),
      goodbye_(loop_, [this] { reception_.say_goodbye(); }), administration_(loop_, places.control),
      recording_(workers_, administration_),
      status_due_(loop_, status_interval, [this] { update_status(); }) {
    router_.set_number_rules(config_.numbers);
    add_pbxs();
    open_listeners();
    serve_administrator();
}

void Daemon::add_pbxs() {
    for (const auto& manager : config_.managers) {
        const auto secret = config::read_secret(manager, places_.credentials_dir);
        try {
            pbxs_.emplace_back(*this, manager, secret);
        } catch (const std::runtime_error& error) {
            throw config::ConfigError(
                {{manager.tls ? manager.tls->ca_file : "", 0,
                  "the authorities of <manager name=\"" + manager.name +
                      "\"> cannot be read: " + error.what(),
                  "ca-file= must be a file of certificates in PEM that astcti may read"}});
        }
        router_.set_aliases(manager.name, pbxs_.back().aliases);
        recording_.add(pbxs_.back().client);
    }
}

void Daemon::open_listeners() {
    static const std::map<std::string, Reception::Door> doors{
        {"cti-local", Reception::Door::local},
        {"cti", Reception::Door::plain},
        {"cti-tls", Reception::Door::tls},
    };
    std::vector<std::string> covered;
    for (const auto& passed : net::passed_sockets()) {
        auto socket = net::adopt_listener(passed.fd);
        const auto door = doors.find(passed.name);
        if (door == doors.end()) {
            log(LogLevel::warning, "a socket named {} was passed, which is not known: closed",
                passed.name);
            continue;
        }
        covered.push_back(socket.address.to_string());
        add_listener(std::move(socket), door->second);
    }
    for (const auto& wanted : config_.ctiserver.listen) {
        const auto address = wanted.path.empty() ? net::ip_address(wanted.address, wanted.port)
                                                 : net::unix_address(wanted.path);
        if (!address)
            throw config::ConfigError(
                {{"<ctiserver>", 0, "cannot listen on " + wanted.path + wanted.address,
                  "a path of a socket has at most 107 bytes"}});
        if (std::ranges::find(covered, address->to_string()) != covered.end())
            continue;
        const auto tcp = wanted.tls ? Reception::Door::tls : Reception::Door::plain;
        add_listener(net::open_listener(*address),
                     wanted.path.empty() ? tcp : Reception::Door::local);
    }
    if (reception_.where().empty())
        throw config::ConfigError(
            {{"<ctiserver>", 0, "there is nothing to listen on",
              "start astcti.socket and astcti-local.socket, or add <listen path=\"…\"/> to "
              "<ctiserver>"}});
}

void Daemon::add_listener(net::ListeningSocket socket, Reception::Door door) {
    if (door == Reception::Door::tls && !identity_place_) {
        identity_place_ =
            identity_place(config_.ctiserver, places_.state_dir, places_.credentials_dir);
        try {
            reception_.set_identity(load_identity(*identity_place_));
        } catch (const std::runtime_error& error) {
            throw config::ConfigError({{"<ctiserver>", 0, error.what(),
                                        "the certificate and key of TLS must be two files in PEM "
                                        "that astcti may read; see <tls> in astcti.xml(5)"}});
        }
        log(LogLevel::info, "TLS: {}", describe_identity());
    }
    reception_.listen(std::move(socket), door);
}

int Daemon::run() {
    if (pbxs_.empty())
        log(LogLevel::warning,
            "no <manager> in the configuration: there are no calls to tell of until there is one");
    check_accounts();
    for (auto& pbx : pbxs_)
        pbx.client.start();

    log(LogLevel::notice, "ready: listening on {}", reception_.where());
    update_status();
    sd_notify(0, "READY=1");
    const int code = loop_.run();
    sd_notify(0, "STOPPING=1");
    log(LogLevel::notice, "stopped");
    return code;
}

// A database that cannot be read is told at start, not at the first login.
void Daemon::check_accounts() {
    logins_.check([](const std::string& trouble) {
        if (!trouble.empty())
            log(LogLevel::error, "{}; nobody can log in", trouble);
    });
    read_devices();
}

void Daemon::read_devices() {
    logins_.read_devices([this](const std::optional<std::set<std::string>>& devices) {
        if (devices)
            router_.set_account_devices(*devices);
    });
    devices_due_.start(devices_interval);
}

// Asterisk → clients

Daemon::Pbx& Daemon::pbx_of(const ami::Client& client) {
    return *std::ranges::find_if(pbxs_, [&](const Pbx& pbx) { return &pbx.client == &client; });
}

void Daemon::connected(ami::Client& client) {
    auto& pbx = pbx_of(client);
    pbx.gone.stop();
    pbx.is_listed = false;
    tell_pbx(pbx, true);
}

void Daemon::snapshot_begun(ami::Client& client) {
    pbx_of(client).calls.begin_snapshot();
}

bool Daemon::wants(ami::Client& client, std::string_view event, std::string_view packet) {
    return pbx_of(client).calls.wants(event, packet);
}

void Daemon::received(ami::Client& client, const ami::Packet& packet,
                      ami::Session::Meaning meaning) {
    auto& pbx = pbx_of(client);
    if (meaning == ami::Session::Meaning::doubtful)
        pbx.calls.doubt(packet);
    else if (meaning == ami::Session::Meaning::cut_item)
        pbx.calls.listed_in_part(packet);
    else
        apply(pbx, pbx.calls.apply(packet, real_time()));
    if (pbx.calls.take_suspicion())
        client.suspect();
}

void Daemon::snapshot_done(ami::Client& client) {
    auto& pbx = pbx_of(client);
    apply(pbx, pbx.calls.end_snapshot(real_time()));
    if (const auto count = pbx.calls.take_forgeries())
        log(LogLevel::warning,
            "pbx {}: {} channels are there whose end was told: somebody forges events; keep them "
            "out with the eventfilter= of astcti-asterisk(7) in manager.conf",
            client.name(), count);
    if (pbx.calls.take_suspicion())
        client.suspect();
    log(std::exchange(pbx.is_listed, true) ? LogLevel::debug : LogLevel::info,
        "pbx {}: {} channels are there", client.name(), pbx.calls.legs().all().size());
}

// Who wanted the call is told as of one that Asterisk tried in vain: by its end.
void Daemon::originate_failed(ami::Client& client, const ami::Originate& originate,
                              const std::string& why) {
    log(LogLevel::warning, "pbx {}: Asterisk places no call from {}: {}", client.name(),
        originate.device.text(), why);
    auto& pbx = pbx_of(client);
    apply(pbx, pbx.calls.originate_refused({originate.channel_id.text(), originate.device.text(),
                                            originate.context.text(), originate.number.text()},
                                           real_time()));
}

void Daemon::disconnected(ami::Client& client) {
    auto& pbx = pbx_of(client);
    pbx.gone.start(max_pbx_gap);
    tell_pbx(pbx, false);
}

void Daemon::apply(Pbx& pbx, const calls::Changes& changes) {
    if (changes.empty())
        return;
    deliver(router_.changed(pbx.calls, changes));
    pbx.calls.sweep();
}

void Daemon::tell_pbx(const Pbx& pbx, bool up) {
    deliver(router_.pbx_changed({pbx.client.name(), up}));
    update_status();
}

void Daemon::deliver(const std::vector<routing::Delivery>& deliveries) {
    for (const auto& delivery : deliveries)
        if (auto* connection = reception_.clients().find(delivery.to))
            connection->tell(delivery.event, real_time(), false);
}

// Clients → accounts, Asterisk

void Daemon::admitted(const accounts::Account& account) {
    router_.add_account_devices(accounts::all_devices(account));
}

void Daemon::sessions_changed() {
    status_due_.request();
}

void Daemon::originate(clients::Connection& connection, const clients::OriginateRequest& request) {
    const auto& entry = connection.session().entry();
    const auto& device = entry.extension;
    const auto& rings = entry.dial.empty() ? device : entry.dial;
    // The table is others' to write as well: `&` would ring further telephones.
    const bool can_ring = accounts::is_new_extension(rings);
    if (!can_ring)
        log(LogLevel::warning,
            "{}: cannot dial from {}, which is no telephone as Asterisk calls it",
            connection.label(), rings);
    const auto context = ami::ActionValue::from(request.context);
    const auto number = ami::ActionValue::from(request.number);
    const auto caller_id = ami::ActionValue::from(number_of(device));
    // In the form of Asterisk's own, which begin with the second; calls/ knows ours by it.
    const auto channel_id = ami::ActionValue::from(
        fmt::format("astcti-{}-{}.{}", epoch_, real_time() / 1000000, ++originates_));
    bool handed_over = false;
    // The first that may and is there, in the order of the configuration.
    for (auto& pbx : pbxs_) {
        const auto channel = ami::ActionValue::from(routing::name_to_dial(rings, pbx.aliases));
        if (handed_over || !can_ring || !channel || !context || !number || !caller_id ||
            !channel_id ||
            !clients::is_allowed_on(pbx.client.name(), policy_.outbound, request.context,
                                    request.number))
            continue;
        handed_over = pbx.client.originate({*channel, *context, *number, *caller_id, *channel_id});
    }
    log(LogLevel::info, "{}: dials {} in {} from {}{}", connection.label(),
        base::masked(request.number), request.context, rings,
        handed_over ? "" : ": not handed over");
    connection.perform(connection.session().originate_done(handed_over));
}

void Daemon::send_snapshot(clients::Connection& connection) {
    std::vector<const calls::CallTable*> tables;
    std::vector<protocol::PbxState> states;
    for (const auto& pbx : pbxs_) {
        tables.push_back(&pbx.calls);
        states.push_back({pbx.client.name(), pbx.client.is_up()});
    }
    rules_.tell(connection);
    const auto& session = connection.session();
    const auto now = real_time();
    for (const auto& delivery :
         router_.snapshot(session.entry(), session.epoch(epoch_), tables, states))
        connection.tell(delivery.event, now, true);
}

// The administrator

std::string Daemon::describe_identity() const {
    const auto& identity = reception_.identity();
    if (!identity)
        return "off: nothing listens for cti-tls\n";
    const auto& told = identity->certificate();
    return fmt::format("pin {}, certificate for {} until {}, from {}\n", told.pin, told.names,
                       told.ends, identity_place_->certificate);
}

// What may change without a restart. Each is as it was before if it cannot be read, whatever
// becomes of the other.
std::string Daemon::reload() {
    std::string trouble;
    const auto attempt = [&](std::string_view what, const std::function<void()>& load) {
        std::vector<std::string> wrong;
        try {
            load();
        } catch (const config::ConfigError& error) {
            for (const auto& fault : error.faults())
                wrong.push_back(config::to_text(fault));
        } catch (const std::runtime_error& error) {
            wrong.emplace_back(error.what());
        }
        for (const auto& text : wrong)
            log(LogLevel::error, "{} stay as they were: {}", what, text);
        if (!wrong.empty())
            trouble +=
                fmt::format("{}{} stay as they were: {}{}", trouble.empty() ? "" : "; ", what,
                            wrong.front(), wrong.size() == 1 ? "" : "; the log has more");
    };
    attempt("certificate and key of TLS", [this] {
        if (identity_place_)
            reception_.set_identity(load_identity(*identity_place_));
    });
    attempt("the rules for desktops", [this] { rules_.reload(); });
    if (trouble.empty())
        log(LogLevel::notice, "{}", describe_reload());
    return trouble;
}

std::string Daemon::describe_reload() const {
    auto tls = describe_identity();
    tls.pop_back(); // its line end
    return fmt::format("reloaded; TLS: {}; rules for desktops: {}\n", tls, rules_.describe());
}

void Daemon::serve_administrator() {
    administration_.add("tls", [this](control::RequestId id, std::string_view) {
        administration_.answer(id, describe_identity());
    });
    administration_.add("reload", [this](control::RequestId id, std::string_view) {
        const auto trouble = reload();
        if (trouble.empty())
            administration_.answer(id, describe_reload());
        else
            administration_.refuse(id, "not reloaded: " + trouble);
    });
}

// What `systemctl status` shows.
void Daemon::update_status() {
    std::string pbxs;
    for (const auto& pbx : pbxs_)
        pbxs += fmt::format("; pbx {} {}", pbx.client.name(), pbx.client.is_up() ? "up" : "down");
    auto status = fmt::format("STATUS={} clients logged in{}", reception_.sessions().all().size(),
                              pbxs_.empty() ? "; idle: no <manager> in the configuration" : pbxs);
    if (status == status_)
        return;
    sd_notify(0, status.c_str());
    status_ = std::move(status);
}

} // namespace astcti
