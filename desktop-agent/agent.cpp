// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/agent.hpp"

#include "desktop-agent/log/log.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <glib.h>
#include <sigc++/functors/mem_fun.h>
#include <utility>

namespace astcti {
namespace {

using calls::Change;
using protocol::CallState;

calls::Time now() {
    return std::chrono::steady_clock::now();
}

protocol::Microseconds clock_now() {
    return static_cast<protocol::Microseconds>(g_get_real_time());
}

} // namespace

Agent::Agent(Settings settings, const Glib::RefPtr<Gio::DBus::Connection>& bus)
    : settings_(std::move(settings)), launcher_([this](const std::string& why) {
          launch_error_ = why;
          show_status();
      }),
      link_(settings_.server, settings_.login, *this) {
    status_.server = link::to_text(settings_.server);
    if (!settings_.rules_error.empty())
        log::warning(settings_.rules_error + "; no rule runs until the agent is started again");
    if (bus) {
        bus_.emplace(bus);
        notifier_.emplace(bus);
        bus_->own_name();
    }
    show_status();
}

void Agent::start(std::function<void()> rejected) {
    rejected_ = std::move(rejected);
    link_.start();
}

void Agent::stop() {
    link_.stop();
    expiry_.stop();
    gap_.stop();
    if (notifier_)
        notifier_->close_all();
    if (bus_)
        bus_->remove_all();
}

void Agent::link_changed(link::LinkState state, const std::string& why) {
    const bool was_online = status_.connection == to_word(link::LinkState::online);
    status_.connection = to_word(state);
    // What went wrong last is told until it is mended, not only between two attempts.
    if (!why.empty() || state == link::LinkState::online)
        link_error_ = why;
    if (state == link::LinkState::online) {
        gap_.stop();
        log::message(fmt::format("connected to {} as {}", status_.server, status_.user));
    } else if (was_online) {
        gap_.start(hidden_gap, sigc::mem_fun(*this, &Agent::gap_is_long));
    }
    show_status();
    if (state == link::LinkState::rejected && settings_.password_was_typed)
        rejected_();
}

void Agent::event_received(const protocol::Event& event) {
    if (const auto* begin = std::get_if<protocol::SnapshotBegin>(&event.body)) {
        status_.user = begin->user;
        status_.extensions.clear();
        if (!begin->extension.empty())
            status_.extensions.push_back(begin->extension);
        status_.pbxs.clear();
    } else if (const auto* pbx = std::get_if<protocol::PbxState>(&event.body)) {
        status_.pbxs[pbx->pbx] = pbx->up;
        log::message(fmt::format("pbx {}: {}", pbx->pbx, pbx->up ? "up" : "down"));
    }
    show_status();
    tell(calls_.apply(event, now()));
    if (std::holds_alternative<protocol::SnapshotEnd>(event.body))
        had_snapshot_ = true;
}

void Agent::tell(const std::vector<Change>& changes) {
    for (const auto& change : changes)
        tell(change);
    set_expiry();
}

void Agent::tell(const Change& change) {
    log(change);
    if (bus_) {
        if (change.kind == Change::Kind::added)
            bus_->added(change.call);
        else if (change.kind == Change::Kind::changed)
            bus_->changed(change.call, change.properties);
        else
            bus_->removed(change.call);
    }
    if (change.kind == Change::Kind::removed)
        return;
    if (notifier_)
        notifier_->update(change.call, is_news(change));
    run_rule(change);
}

void Agent::log(const Change& change) const {
    const auto& call = change.call;
    const auto what = change.kind == Change::Kind::removed ? "removed" : to_word(call.state);
    log::message(fmt::format("call {}: {} {} {}", call.id, what,
                             call.direction == protocol::Direction::inbound ? "from" : "to",
                             call.withheld              ? "withheld"
                             : call.peer_number.empty() ? "unknown"
                                                        : log::number(call.peer_number)));
}

// What was there before the agent came is left alone.
bool Agent::is_old(const Change& change) const {
    return change.from_snapshot && !had_snapshot_;
}

// Another party than before, as far as this person knows.
bool Agent::is_news(const Change& change) const {
    const auto changed = [&change](std::string_view name) {
        return std::find(change.properties.begin(), change.properties.end(), name) !=
               change.properties.end();
    };
    return !is_old(change) && (change.kind == Change::Kind::added || changed("Direction") ||
                               changed("PeerNumber") || changed("Withheld"));
}

// Rules are for inbound calls, when they are answered and when the other party changes
// afterwards.
void Agent::run_rule(const Change& change) {
    if (change.call.direction != protocol::Direction::inbound ||
        change.call.state != CallState::answered)
        return;
    auto call = change.call;
    protocol::rewrite_peer(settings_.rules.numbers, call);
    if (protocol::is_alone(call) || !once_.first(call.id, call.peer_number, call.peer_uniqueid) ||
        is_old(change))
        return;
    if (const auto* rule = rules::find_rule(settings_.rules.rules, call.context))
        start_rule(*rule, call);
    else
        log::message(fmt::format("call {}: no rule for context \"{}\"", call.id, call.context));
}

void Agent::start_rule(const rules::Rule& rule, const protocol::Call& call) {
    launch_error_.clear();
    const auto start = rules::start_for(rule, call);
    if (const auto* url = std::get_if<rules::OpenUrl>(&start))
        launcher_.open(rule.name, url->url);
    else if (const auto* run = std::get_if<rules::Run>(&start))
        launcher_.run(rule.name, run->words);
    else
        launcher_.refuse(rule.name, "not started: " + std::get<rules::Refused>(start).why);
    show_status();
}

void Agent::expire() {
    tell(calls_.expire(now()));
}

void Agent::set_expiry() {
    expiry_.stop();
    const auto next = calls_.next_expiry();
    if (!next)
        return;
    expiry_.start(std::chrono::ceil<std::chrono::milliseconds>(*next - now()),
                  sigc::mem_fun(*this, &Agent::expire));
}

void Agent::gap_is_long() {
    tell(calls_.lost(clock_now(), now()));
}

// The gravest trouble is the one that is told.
void Agent::show_status() {
    if (!link_error_.empty())
        status_.last_error = {status_.connection == "rejected" ? "org.astcti.Error.NotAuthorized"
                                                               : "org.astcti.Error.NotConnected",
                              link_error_};
    else if (!settings_.rules_error.empty())
        status_.last_error = {"org.astcti.Error.InvalidRules", settings_.rules_error};
    else if (!launch_error_.empty())
        status_.last_error = {"org.astcti.Error.NotStarted", launch_error_};
    else
        status_.last_error = {};
    if (bus_)
        bus_->set_status(status_);
}

} // namespace astcti
