// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/link/server_link.hpp"

#include "desktop-agent/log/log.hpp"

#include <fmt/format.h>
#include <glib.h>
#include <sigc++/functors/mem_fun.h>
#include <variant>

namespace astcti::link {
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

ServerLink::ServerLink(ServerAddress address, Login login, LinkHandler& handler)
    : address_(std::move(address)), login_(std::move(login)), handler_(handler) {}

void ServerLink::start() {
    retry_in(std::chrono::milliseconds(0));
}

void ServerLink::stop() noexcept {
    deadline_.stop();
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
    session_.emplace(login_);
    set_deadline();
    if (state_ != LinkState::rejected)
        set_state(LinkState::connecting, {});
    connection_.emplace(address_, static_cast<ConnectionHandler&>(*this));
}

void ServerLink::connected() {
    if (login_.password && !connection_->is_local()) {
        failed(Failure::refused, "is on another machine and the connection is not encrypted: the "
                                 "password was not sent. Use a Unix socket or a loopback address");
        return;
    }
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
    set_deadline();
}

void ServerLink::act(ClientSession::Received& action) {
    handler_.event_received(action.event);
    if (state_ == LinkState::online || session_->is_waiting())
        return;
    deadline_.stop();
    online_since_ = std::chrono::steady_clock::now();
    last_failure_.clear();
    set_state(LinkState::online, {});
}

void ServerLink::act(ClientSession::Skipped& action) {
    log::debug(
        fmt::format("{}: skipped an event {} of a later version", to_text(address_), action.name));
}

void ServerLink::act(ClientSession::Failed& action) {
    failed(action.kind, action.why);
}

void ServerLink::connection_lost(const std::string& why) {
    failed(Failure::closed, ": " + why);
}

void ServerLink::overdue() {
    failed(Failure::closed, "does not answer");
}

void ServerLink::failed(Failure kind, const std::string& why) {
    deadline_.stop();
    connection_->close();
    const auto text = to_text(address_) + (why.starts_with(':') ? "" : " ") + why;
    if (text != last_failure_)
        log::warning(text);
    last_failure_ = text;
    if (state_ == LinkState::online &&
        std::chrono::steady_clock::now() - online_since_ >= stable_after)
        backoff_.succeeded();

    const bool rejected = kind == Failure::refused || kind == Failure::unsupported;
    set_state(rejected ? LinkState::rejected : LinkState::disconnected, text);
    retry_in(rejected ? rejected_retry : backoff_.next(g_random_double()));
}

void ServerLink::retry_in(std::chrono::milliseconds delay) {
    retry_.start(delay, sigc::mem_fun(*this, &ServerLink::connect));
}

void ServerLink::set_deadline() {
    deadline_.start(answer_deadline, sigc::mem_fun(*this, &ServerLink::overdue));
}

void ServerLink::set_state(LinkState state, const std::string& why) {
    if (state == state_ && why.empty())
        return;
    state_ = state;
    handler_.link_changed(state, why);
}

} // namespace astcti::link
