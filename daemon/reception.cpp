// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/reception.hpp"

#include "daemon/accounts/host.hpp"
#include "daemon/base/log.hpp"
#include "daemon/local_user.hpp"
#include "daemon/net/client_socket.hpp"
#include "daemon/net/peer_uid.hpp"

#include <algorithm>
#include <memory>
#include <sys/resource.h>

namespace astcti {
namespace {

using accounts::LoginOutcome;
using base::log;
using base::LogLevel;

std::size_t descriptors() {
    rlimit limit{};
    return ::getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : 0;
}

std::string_view to_text(clients::Admission::Verdict verdict) {
    using Verdict = clients::Admission::Verdict;
    switch (verdict) {
    case Verdict::too_many_from_source:
        return "too many from there have not logged in; if many people share this address, it is a "
               "<network> of the configuration";
    case Verdict::too_many_strangers:
        return "too many are logging in at the same time";
    default:
        return "too many are connected; raise LimitNOFILE= of astcti.service, up to 16448";
    }
}

// Empty for what is no password.
std::string user_in(const accounts::Credentials& credentials) {
    if (const auto* login = std::get_if<accounts::PasswordLogin>(&credentials))
        return login->user;
    if (const auto* login = std::get_if<accounts::Md5Login>(&credentials))
        return login->user;
    return {};
}

} // namespace

Reception::Reception(event::Loop& loop, event::WorkerPool& workers, Logins& logins, Tokens& tokens,
                     const config::CtiServer& config, const clients::DialPolicy& policy,
                     ReceptionHandler& handler)
    : loop_(loop), workers_(workers), logins_(logins), tokens_(tokens), config_(config),
      handler_(handler), clients_(loop, *this, policy, descriptors()), checks_(loop) {}

Reception::Time Reception::now() const {
    return Time(static_cast<std::int64_t>(loop_.now()));
}

// Letting in

void Reception::listen(net::ListeningSocket socket, Door door) {
    log(LogLevel::info, "listening on {}{}", socket.address.to_string(),
        door == Door::tls ? " by TLS" : "");
    if (door != Door::local)
        net::prepare_client(socket.fd.get());
    listeners_.emplace_back(loop_, std::move(socket),
                            [this, door](base::UniqueFd fd, const net::Address& peer) {
                                accepted(std::move(fd), peer, door);
                            });
    if (door == Door::tls)
        tls_listeners_.push_back(&listeners_.back());
}

std::string Reception::where() const {
    std::string text;
    for (const auto& listener : listeners_)
        text += (text.empty() ? "" : ", ") + listener.address().to_string();
    return text;
}

bool Reception::is_in_network(std::string_view address, bool plain) const {
    return std::ranges::any_of(config_.networks, [&](const config::Network& network) {
        return (!plain || network.plain) &&
               accounts::match_host(network.address, address) == accounts::HostMatch::inside;
    });
}

void Reception::accepted(base::UniqueFd fd, const net::Address& peer, Door door) {
    if (door == Door::local) {
        net::prepare_client(fd.get());
        accept_local(std::move(fd));
        return;
    }
    const auto address = peer.host();
    clients::Peer client{address, address, true, {}};
    client.source = clients::source_of(address);
    client.shared = is_in_network(address, false);
    if (door == Door::tls) {
        // It begins when the client says something, after those who are logged in.
        if (tls_)
            add_client(tls_->accept(std::move(fd)), std::move(client));
        hold_tls();
    } else if (!peer.is_loopback() && !is_in_network(address, true)) {
        turned_away(address,
                    "no <network plain=\"yes\"> of the configuration has this address, and "
                    "this port is not encrypted");
    } else {
        if (auto* added =
                add_client(std::make_unique<net::PlainStream>(std::move(fd)), std::move(client)))
            added->start();
    }
}

void Reception::accept_local(base::UniqueFd fd) {
    const auto uid = net::peer_uid(fd.get());
    // std::function wants what it holds to be copyable.
    auto shared = std::make_shared<base::UniqueFd>(std::move(fd));
    const bool submitted = workers_.submit([this, uid, shared]() -> event::WorkerPool::Done {
        auto name = uid ? user_name(*uid) : std::nullopt;
        return [this, shared, name] {
            clients::Peer local{{}, "local user " + name.value_or("unknown"), true, {}};
            local.source = local.label;
            // Its own machine's users are known by name, and several desktops may be on it.
            local.shared = true;
            if (name)
                local.account = config_.local_users.account_of(*name);
            if (auto* added = add_client(std::make_unique<net::PlainStream>(std::move(*shared)),
                                         std::move(local)))
                added->start();
        };
    });
    if (!submitted)
        turned_away("this machine", "there is too much to do");
}

clients::Connection* Reception::add_client(std::unique_ptr<net::Stream> stream,
                                           clients::Peer peer) {
    const auto from = peer.label;
    const auto arrival = clients_.add(std::move(stream), std::move(peer));
    if (!arrival.connection) {
        turned_away(from, to_text(arrival.verdict));
        return nullptr;
    }
    log(LogLevel::debug, "{}: connected from {}", arrival.connection->label(), from);
    return arrival.connection;
}

// Those for whom there is no room wait in the system's queue, for a moment: see Connection::tick().
void Reception::hold_tls() {
    const bool crowded = clients_.is_crowded();
    if (std::exchange(tls_held_, crowded) == crowded)
        return;
    for (auto* listener : tls_listeners_)
        listener->hold(crowded);
    if (!crowded || (crowd_told_ != Time{} && now() - crowd_told_ < complaint_interval))
        return;
    crowd_told_ = now();
    log(LogLevel::warning,
        "{} clients are in their TLS handshake: others wait until one is done, or has had {} s",
        clients::ConnectionTable::max_handshakes,
        clients::Connection::crowded_handshake_deadline.count());
}

void Reception::opened(clients::Connection&) {
    clients_.opened();
    hold_tls();
}

void Reception::turned_away(std::string_view from, std::string_view why) {
    ++turned_away_;
    if (complained_ != Time{} && now() - complained_ < complaint_interval)
        return;
    complained_ = now();
    log(LogLevel::warning, "a client from {} was turned away ({} since the last line): {}", from,
        std::exchange(turned_away_, 0U), why);
}

// Logging in

void Reception::requested(clients::Connection& connection, clients::Request request) {
    if (auto* login = std::get_if<clients::LoginRequest>(&request)) {
        log_in(connection, login->credentials);
    } else if (auto* by_token = std::get_if<clients::TokenLoginRequest>(&request)) {
        log_in_by_token(connection, by_token->token);
    } else if (auto* choice = std::get_if<clients::ExtensionRequest>(&request)) {
        choose_device(connection, choice->device);
    } else if (std::holds_alternative<clients::TokenRequest>(request)) {
        const auto& session = connection.session();
        connection.perform(session.token_done(tokens_.grant(
            session.entry().user, session.secret_version(), sessions().all().size())));
    } else if (auto* wanted = std::get_if<clients::OriginateRequest>(&request)) {
        const auto wait = rate_.dial(connection.session().entry().user, now());
        if (wait > wait.zero())
            connection.perform(connection.session().originate_put_off(wait));
        else
            handler_.originate(connection, *wanted);
    } else if (std::holds_alternative<clients::RulesRequest>(request)) {
        handler_.send_rules(connection);
    } else {
        handler_.send_snapshot(connection);
    }
}

void Reception::log_in(clients::Connection& connection, const accounts::Credentials& credentials) {
    const auto user = user_in(credentials);
    if (user.empty()) {
        logins_.log_in(credentials, connection.session().peer().address,
                       [this, id = connection.id()](const LoginOutcome& outcome) {
                           login_done(id, outcome, "peer credentials");
                       });
        return;
    }
    const auto& peer = connection.session().peer();
    const auto wait = penalties_.wait(peer.source, user, peer.shared, now());
    if (wait > wait.zero()) {
        log(LogLevel::info, "{}: login from {} put off: too many wrong passwords came from there",
            connection.label(), peer.label);
        connection.perform(connection.session().login_put_off(wait, "too many wrong passwords"));
        return;
    }
    PasswordChecks::Check counted;
    if (!peer.shared) {
        counted.source = peer.source;
        counted.is_delayed = penalties_.delay(peer.source, user, false, now()) > wait.zero();
    }
    if (!checks_.may_begin(counted)) {
        connection.perform(connection.session().login_put_off(
            PasswordChecks::retry, "too many passwords are being checked"));
        return;
    }
    check_password(connection, credentials, user, counted);
}

void Reception::check_password(clients::Connection& connection,
                               const accounts::Credentials& credentials, const std::string& user,
                               const PasswordChecks::Check& counted) {
    const auto peer = connection.session().peer();
    checks_.begin(counted);
    const auto done = [this, id = connection.id(), peer, user,
                       counted](const LoginOutcome& outcome) {
        checks_.end(counted);
        if (outcome.result == LoginOutcome::Result::refused)
            penalties_.failed(peer.source, user, peer.shared, now());
        else if (outcome.result == LoginOutcome::Result::accepted)
            penalties_.succeeded(peer.source, user, now());
        login_done(id, outcome, "password");
    };
    const auto check = [this, credentials, peer, done] {
        logins_.log_in(credentials, peer.address, done);
    };
    const auto delay = penalties_.delay(peer.source, user, peer.shared, now());
    if (delay > delay.zero())
        checks_.run_later(delay, check);
    else
        check();
}

void Reception::log_in_by_token(clients::Connection& connection, const std::string& token) {
    const auto taken = tokens_.take(token);
    const auto id = connection.id();
    if (const auto* fault = std::get_if<clients::TokenFault>(&taken)) {
        LoginOutcome refused;
        refused.why = clients::to_text(*fault);
        login_done(id, refused, "token");
        return;
    }
    const auto claims = std::get<clients::TokenClaims>(taken);
    logins_.log_in(accounts::TokenLogin{claims.user}, connection.session().peer().address,
                   [this, id, claims](const LoginOutcome& outcome) {
                       using Result = LoginOutcome::Result;
                       if (outcome.result == Result::try_later)
                           tokens_.give_back(claims);
                       else
                           tokens_.used(claims);
                       if (outcome.result == Result::accepted &&
                           !tokens_.is_of(claims, outcome.secret_version)) {
                           LoginOutcome changed;
                           changed.why =
                               "the account's secret was changed after its token was made";
                           login_done(id, changed, "token");
                           return;
                       }
                       const auto* const found = clients_.find(id);
                       if (found && outcome.result == Result::accepted)
                           penalties_.came_from(found->session().peer().source, claims.user);
                       login_done(id, outcome, "token");
                   });
}

void Reception::login_done(clients::SessionId id, const LoginOutcome& outcome,
                           std::string_view means) {
    auto* connection = clients_.find(id);
    if (!connection)
        return;
    auto& session = connection->session();
    const auto& from = session.peer().label;
    clients::Grant grant;
    const bool accepted = outcome.result == LoginOutcome::Result::accepted;
    if (accepted && session.has_tokens())
        grant = tokens_.grant(outcome.account.user, outcome.secret_version,
                              sessions().all().size() + 1);
    if (accepted)
        handler_.admitted(outcome.account);
    auto step = session.login_done(outcome, grant);
    if (session.is_logged_in()) {
        greet(*connection, outcome);
        log(LogLevel::info, "{}: logged in from {} by {} for {}", connection->label(), from, means,
            session.entry().extension.empty() ? "no extension" : session.entry().extension);
    } else {
        log(LogLevel::notice, "{}: login from {} refused: {}", connection->label(), from,
            outcome.why.empty() ? "its extension has a client already" : outcome.why);
    }
    for (const auto& warning : outcome.warnings)
        log(LogLevel::warning, "{}: {}", connection->label(), warning);
    connection->perform(std::move(step));
    handler_.sessions_changed();
}

void Reception::greet(clients::Connection& connection, const LoginOutcome& outcome) {
    if (connection.session().entry().original)
        for (const auto old : sessions().silent_originals_at(outcome.account.extension))
            if (auto* silent = clients_.find(old))
                silent->close("another client of its extension logged in");
    clients_.logged_in(connection);
    if (const auto oldest = sessions().surplus_of(outcome.account.user))
        if (auto* surplus = clients_.find(*oldest))
            surplus->close("its user has too many other sessions");
}

void Reception::choose_device(clients::Connection& connection, const std::string& device) {
    const auto& session = connection.session();
    logins_.check_device(session.entry().user, session.peer().address, device,
                         [this, id = connection.id(), device](std::optional<bool> allowed) {
                             auto* found = clients_.find(id);
                             if (!found)
                                 return;
                             using Answer = clients::Session::ExtensionAnswer;
                             auto answer = Answer::try_later;
                             if (allowed)
                                 answer = *allowed ? Answer::allowed : Answer::refused;
                             auto step = found->session().extension_done(answer, device);
                             if (answer == Answer::allowed)
                                 clients_.changed(*found);
                             log(LogLevel::info, "{}: {} the telephone {}", found->label(),
                                 answer == Answer::allowed ? "has now" : "may not have", device);
                             found->perform(std::move(step));
                             handler_.sessions_changed();
                         });
}

// Leaving

void Reception::closed(clients::Connection& connection, std::string_view why) {
    log(connection.session().is_logged_in() ? LogLevel::info : LogLevel::debug, "{}: closed: {}",
        connection.label(), why);
    clients_.forget(connection);
    hold_tls();
    handler_.sessions_changed();
}

void Reception::say_goodbye() {
    tls_listeners_.clear();
    listeners_.clear();
    clients_.say_goodbye(Tokens::spread(sessions().all().size()));
    tokens_.save();
}

} // namespace astcti
