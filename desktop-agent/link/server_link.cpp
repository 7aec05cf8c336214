// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/link/server_link.hpp"

#include "desktop-agent/log/log.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <glib.h>
#include <sigc++/functors/mem_fun.h>
#include <variant>

namespace astcti::link {
namespace {

// Nothing changes by itself.
bool is_rejection(Failure kind) noexcept {
    return kind == Failure::refused || kind == Failure::no_password || kind == Failure::untrusted ||
           kind == Failure::unsupported;
}

} // namespace

std::string_view to_word(LinkState state) noexcept {
    switch (state) {
    case LinkState::connecting:
        return "connecting";
    case LinkState::authenticating:
        return "authenticating";
    case LinkState::online:
        return "online";
    case LinkState::rejected:
        return "rejected";
    case LinkState::disconnected:
        break;
    }
    return "disconnected";
}

ServerLink::ServerLink(ServerAddress address, Trust trust, std::string user,
                       PasswordSource* passwords, LinkHandler& handler)
    : address_(std::move(address)), trust_(std::move(trust)), user_(std::move(user)),
      passwords_(passwords), handler_(handler) {}

void ServerLink::start() {
    retry_in(std::chrono::milliseconds(0));
}

void ServerLink::stop() noexcept {
    deadline_.stop();
    patience_.stop();
    renewal_.stop();
    retry_.stop();
    if (connection_) {
        connection_->send_now("QUIT\n");
        connection_->close();
    }
}

void ServerLink::check() {
    if (std::holds_alternative<UnixAddress>(address_))
        return; // what is between us sleeps and wakes with us
    if (state_ == LinkState::online) {
        if (const auto line = session_->probe()) {
            connection_->send(*line);
            deadline_.start(probe_deadline, sigc::mem_fun(*this, &ServerLink::overdue));
        }
        return;
    }
    if (is_asking_)
        return; // somebody may be typing
    // What was begun on the other network would only be waited for.
    deadline_.stop();
    if (connection_)
        connection_->close();
    backoff_.succeeded();
    retry_in(
        std::chrono::duration_cast<std::chrono::milliseconds>(check_jitter * g_random_double()));
}

// Never runs below a callback of the old connection: only a timer calls it.
void ServerLink::connect() {
    session_.emplace(Login{user_, passwords_ != nullptr, Secret(std::string(token_.view()))});
    set_deadline();
    if (state_ != LinkState::rejected)
        set_state(LinkState::connecting, {});
    connection_.emplace(address_, trust_, static_cast<ConnectionHandler&>(*this));
}

void ServerLink::connected() {
    if (state_ != LinkState::rejected)
        set_state(LinkState::authenticating, {});
    set_deadline();
}

void ServerLink::line_received(std::string_view line) {
    auto action = session_->line(line);
    std::visit([this](auto& what) { act(what); }, action);
}

void ServerLink::act(ClientSession::Send& action) {
    connection_->send(action.line);
    wipe(action.line); // a password, it may be
    set_deadline();
}

void ServerLink::act(ClientSession::NeedPassword&) {
    token_ = Secret();
    if (!password_.empty()) {
        password_known(std::move(password_));
        return;
    }
    if (is_asking_)
        return;
    is_asking_ = true;
    deadline_.stop();
    patience_.start(password_deadline,
                    [this] { password_known(NoPassword{"nobody told the password in time"}); });
    passwords_->ask([this, number = ++question_](PasswordSource::Answer answer) {
        if (is_asking_ && number == question_)
            password_known(std::move(answer));
    });
}

void ServerLink::password_known(PasswordSource::Answer answer) {
    is_asking_ = false;
    patience_.stop();
    if (const auto* none = std::get_if<NoPassword>(&answer)) {
        failed(Failure::no_password, ": " + none->why);
        return;
    }
    auto& password = std::get<Secret>(answer);
    auto action = session_->password(password);
    if (std::holds_alternative<ClientSession::Nothing>(action)) {
        // The server did not wait for so long.
        password_ = std::move(password);
        retry_in(std::chrono::milliseconds(0));
        return;
    }
    std::visit([this](auto& what) { act(what); }, action);
}

void ServerLink::act(ClientSession::LoggedIn& action) {
    rejected_wait_ = rejected_retry;
    take(action.grant);
}

void ServerLink::act(ClientSession::Renewed& action) {
    answered();
    if (!action.grant.token.empty())
        take(action.grant);
}

void ServerLink::take(Grant& grant) {
    token_ = std::move(grant.token);
    spread_ = grant.spread.value_or(Backoff::first);
    if (!token_.empty() && grant.life.count() > 0)
        renewal_.start(grant.life / 2, sigc::mem_fun(*this, &ServerLink::renew));
}

void ServerLink::renew() {
    const auto line = session_->renew();
    if (!line)
        return;
    connection_->send(*line);
    set_deadline();
}

// To a question of ours while all is well.
void ServerLink::answered() {
    if (!session_->is_asking())
        deadline_.stop();
}

void ServerLink::act(ClientSession::Received& action) {
    handler_.event_received(action.event);
    if (state_ == LinkState::online || session_->is_waiting())
        return;
    deadline_.stop();
    online_since_ = std::chrono::steady_clock::now();
    last_failure_.clear();
    set_state(LinkState::online, {});
    if (session_->offers_rules())
        ask_rules();
    else
        handler_.rules_told(std::nullopt);
}

void ServerLink::ask_rules() {
    const auto known = handler_.wanted_rules();
    const auto line =
        known && state_ == LinkState::online ? session_->ask_rules(*known) : std::nullopt;
    if (!line)
        return;
    connection_->send(*line);
    set_deadline();
}

void ServerLink::act(ClientSession::RulesTold& action) {
    answered();
    handler_.rules_told(action.list);
}

void ServerLink::act(ClientSession::Skipped& action) {
    log::debug(
        fmt::format("{}: skipped an event {} of a later version", to_text(address_), action.name));
}

void ServerLink::act(ClientSession::Failed& action) {
    failed(action.kind, action.why, action.retry);
}

void ServerLink::connection_lost(const std::string& why) {
    failed(Failure::closed, ": " + why);
}

void ServerLink::server_untrusted(const std::string& why) {
    failed(Failure::untrusted, why);
}

void ServerLink::overdue() {
    failed(Failure::closed, "does not answer");
}

void ServerLink::failed(Failure kind, const std::string& why,
                        std::optional<std::chrono::milliseconds> retry) {
    deadline_.stop();
    renewal_.stop();
    connection_->close();
    session_->over();
    const auto text = to_text(address_) + (why.starts_with(':') ? "" : " ") + why;
    if (text != last_failure_)
        log::warning(text);
    last_failure_ = text;

    const auto delay = delay_after(kind, retry);
    set_state(is_rejection(kind) ? LinkState::rejected : LinkState::disconnected, {kind, text});
    if (!is_asking_)
        retry_in(delay);
}

std::chrono::milliseconds ServerLink::delay_after(Failure kind,
                                                  std::optional<std::chrono::milliseconds> retry) {
    // Who has no password may be asked for it by a dialog each time.
    if (passwords_ && (kind == Failure::refused || kind == Failure::no_password)) {
        const auto wait = rejected_wait_;
        rejected_wait_ = std::min(rejected_wait_ * 2, max_rejected_retry);
        return wait;
    }
    if (is_rejection(kind))
        return rejected_retry;
    const bool held = state_ == LinkState::online &&
                      std::chrono::steady_clock::now() - online_since_ >= stable_after;
    const auto random = g_random_double();
    if (held)
        return backoff_.after_session(random, retry.value_or(spread_));
    if (kind == Failure::try_later)
        return std::min(retry.value_or(std::chrono::milliseconds(0)), max_try_later) +
               backoff_.next(random);
    return backoff_.next(random, retry.value_or(std::chrono::milliseconds(0)));
}

void ServerLink::retry_in(std::chrono::milliseconds delay) {
    retry_.start(delay, sigc::mem_fun(*this, &ServerLink::connect));
}

void ServerLink::set_deadline() {
    deadline_.start(answer_deadline, sigc::mem_fun(*this, &ServerLink::overdue));
}

void ServerLink::set_state(LinkState state, const Trouble& trouble) {
    if (state == state_ && trouble.why.empty())
        return;
    state_ = state;
    handler_.link_changed(state, trouble);
}

} // namespace astcti::link
