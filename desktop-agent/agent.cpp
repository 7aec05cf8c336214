// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/agent.hpp"

#include "desktop-agent/log/log.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <glib.h>
#include <malloc.h>
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

// What happened, in a line for a person, without what the caller typed.
std::string describe(const Change& change) {
    const auto& call = change.call;
    auto text = fmt::format("{} {}", to_word(call.direction), to_word(call.state));
    const auto add = [&text](const char* what, const std::string& value) {
        if (!value.empty())
            text += fmt::format("{}{}", what, value);
    };
    if (call.withheld)
        text += ", number withheld";
    add(", other party ", call.peer_number);
    text += call.internal ? ", internal" : ", external";
    add(", called ", call.called_number);
    add(", context ", call.context);
    add(", queue ", call.queue);
    add(", reason ", std::string(to_word(call.end_reason)));
    if (change.kind == Change::Kind::changed)
        text += fmt::format("; changed: {}", fmt::join(change.properties, " "));
    return text;
}

// As dbus/org.astcti.Agent1.xml lists them.
const char* error_name(link::Failure kind) {
    switch (kind) {
    case link::Failure::refused:
        return "org.astcti.Error.NotAuthorized";
    case link::Failure::no_password:
        return "org.astcti.Error.NoPassword";
    case link::Failure::untrusted:
        return "org.astcti.Error.NotTrusted";
    case link::Failure::unsupported:
        return "org.astcti.Error.NotSupported";
    case link::Failure::try_later:
    case link::Failure::protocol:
    case link::Failure::closed:
        break;
    }
    return "org.astcti.Error.NotConnected";
}

// After a storm of calls most of it is free, in pieces that the C library would keep.
void give_memory_back() {
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}

} // namespace

Agent::Agent(Settings settings, const Glib::RefPtr<Gio::DBus::Connection>& bus,
             notify::MissedCalls::Send missed)
    : settings_(std::move(settings)), rules_files_(settings_.rules),
      rules_(
          bus,
          [this](const std::string& call, why::Part part, std::string_view result,
                 const std::string& text) { note(call, part, result, text); },
          [this](const std::string& text) {
              launch_error_ = text;
              show_status();
          }) {
    if (settings_.is_demo)
        demo_.emplace(static_cast<link::LinkHandler&>(*this));
    else
        link_.emplace(settings_.server, settings_.trust, settings_.user, settings_.passwords.get(),
                      static_cast<link::LinkHandler&>(*this));
    status_.server = settings_.is_demo ? "demo" : link::to_text(settings_.server);
    status_.popups_muted = settings_.popups_muted;
    rules_files_.start([this] { files_changed(); });
    set_server_hosts();
    use_rules();
    if (bus) {
        bus_.emplace(bus, static_cast<bus::AgentBusHandler&>(*this), settings_.sharing);
        notifier_.emplace(bus, static_cast<notify::NotifierHandler&>(*this), std::move(missed));
        notifier_->set_muted(settings_.popups_muted);
        bus_->own_name();
    }
    show_status();
}

void Agent::start(std::function<void()> rejected) {
    rejected_ = std::move(rejected);
    if (!link_) {
        demo_->start();
        return;
    }
    link_->start();
    wake_.emplace([this] { link_->check(); });
}

void Agent::stop() {
    wake_.reset();
    if (link_)
        link_->stop();
    else
        demo_->stop();
    expiry_.stop();
    rest_.stop();
    gap_.stop();
    if (notifier_)
        notifier_->close_all();
    if (bus_)
        bus_->remove_all();
}

void Agent::link_changed(link::LinkState state, const link::Trouble& trouble) {
    const bool was_online = link_state_ == link::LinkState::online;
    link_state_ = state;
    // What went wrong last is told until it is mended, not only between two attempts.
    if (!trouble.why.empty() || state == link::LinkState::online)
        link_trouble_ = trouble;
    if (state == link::LinkState::online) {
        gap_.stop();
        log::message(fmt::format("connected to {} as {}", status_.server, status_.user));
    } else if (was_online) {
        gap_.start(hidden_gap, sigc::mem_fun(*this, &Agent::gap_is_long));
    }
    // A refusal does not pass by itself.
    hides_gap_ = (hides_gap_ || was_online) && state != link::LinkState::online &&
                 state != link::LinkState::rejected;
    show_link();
    if (state == link::LinkState::rejected && trouble.kind == link::Failure::refused &&
        settings_.password_was_typed)
        rejected_();
}

std::optional<std::string> Agent::wanted_rules() const {
    return server_rules_.are_wanted() ? std::optional(server_rules_.list()) : std::nullopt;
}

void Agent::rules_told(const std::optional<std::string>& list) {
    if (!server_rules_.told(list))
        return;
    if (!list)
        log::message("rules: those of the server are gone");
    use_rules();
}

void Agent::event_received(const protocol::Event& event) {
    if (const auto* part = std::get_if<protocol::RulesPart>(&event.body)) {
        if (server_rules_.received(*part)) {
            log_server_rules();
            use_rules();
        }
        return;
    }
    if (const auto* begin = std::get_if<protocol::SnapshotBegin>(&event.body)) {
        status_.user = begin->user;
        status_.extensions.clear();
        if (!begin->extension.empty())
            status_.extensions.push_back(begin->extension);
        pbxs_.emplace();
    } else if (const auto* pbx = std::get_if<protocol::PbxState>(&event.body)) {
        (pbxs_ ? *pbxs_ : status_.pbxs)[pbx->pbx] = pbx->up;
        log::message(fmt::format("pbx {}: {}", pbx->pbx, pbx->up ? "up" : "down"));
    } else if (std::holds_alternative<protocol::SnapshotEnd>(event.body) && pbxs_) {
        status_.pbxs = *std::exchange(pbxs_, std::nullopt);
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
    note(change.call.id, why::Part::call, to_word(change.call.state), describe(change));
    if (notifier_ && !is_over_already(change))
        notifier_->update(change.call, is_news(change));
    rules_.update(change.call, is_old(change));
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

// What is learnt of a call after its end does not end it again.
bool Agent::is_over_already(const Change& change) const {
    return change.kind == Change::Kind::changed && change.call.state == CallState::ended &&
           std::ranges::find(change.properties, "State") == change.properties.end();
}

// Another party than before, as far as this person knows.
bool Agent::is_news(const Change& change) const {
    const auto changed = [&change](std::string_view name) {
        return std::find(change.properties.begin(), change.properties.end(), name) !=
               change.properties.end();
    };
    return !is_old(change) && (change.kind == Change::Kind::added || changed("Direction") ||
                               changed("PeerNumber") || changed("Presentation"));
}

void Agent::note(const std::string& call, why::Part part, std::string_view result,
                 const std::string& text) {
    decisions_.add(call, {clock_now(), part, std::string(result), text});
}

std::string Agent::offered(const protocol::Call& call) {
    return rules_.offered(call);
}

void Agent::opened(const protocol::Call& call, const std::string& activation_token) {
    rules_.open_now(call, activation_token);
}

void Agent::noted(const std::string& call, std::string_view result, const std::string& text) {
    note(call, why::Part::notification, result, text);
}

const why::Told* Agent::explained(const std::string& call) const {
    return decisions_.find(call);
}

std::vector<std::string> Agent::explained_calls() const {
    std::vector<std::string> ids;
    for (const auto& told : decisions_.calls())
        ids.push_back(told.call);
    return ids;
}

void Agent::set_popups_muted(bool muted) {
    status_.popups_muted = muted;
    if (notifier_)
        notifier_->set_muted(muted);
    keep_popups_muted(muted);
    show_status();
}

void Agent::files_changed() {
    const bool were_wanted = server_rules_.are_wanted();
    set_server_hosts();
    use_rules();
    if (link_ && !were_wanted)
        link_->ask_rules();
}

void Agent::set_server_hosts() {
    auto hosts = settings_.server_hosts;
    hosts.insert(hosts.end(), rules_files_.server_hosts().begin(),
                 rules_files_.server_hosts().end());
    server_rules_.set_hosts(std::move(hosts));
}

void Agent::use_rules() {
    auto set = rules_files_.merged(server_rules_.rules());
    if (const auto& mistakes = server_rules_.mistakes(); !mistakes.empty())
        set.servers_fault = mistakes.front();
    rules_.set_rules(set);
    show_status();
}

void Agent::log_server_rules() const {
    if (server_rules_.mistakes().empty())
        log::message(fmt::format("rules: the server has {}", server_rules_.rules().size()));
    else
        log::warning("rules: those of the server are not used");
    for (const auto& mistake : server_rules_.mistakes())
        log::warning(mistake);
    std::size_t told = 0;
    for (const auto& rule : server_rules_.rules())
        if (!rule.not_allowed.empty() && told++ < rules::max_mistakes)
            log::warning(fmt::format("rules of the server: rule \"{}\" is not used: {}", rule.name,
                                     rule.not_allowed));
}

void Agent::expire() {
    tell(calls_.expire(now()));
    if (!calls_.next_expiry())
        rest_.start(told_by_then, [] { give_memory_back(); });
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
    hides_gap_ = false;
    show_link();
    tell(calls_.lost(clock_now(), now()));
}

void Agent::show_link() {
    if (!hides_gap_)
        status_.connection = to_word(link_state_);
    show_status();
}

// The gravest trouble is the one that is told.
void Agent::show_status() {
    auto mistakes = rules_files_.mistakes();
    mistakes.insert(mistakes.end(), server_rules_.mistakes().begin(),
                    server_rules_.mistakes().end());
    if (!link_trouble_.why.empty() && !hides_gap_)
        status_.last_error = {error_name(link_trouble_.kind), link_trouble_.why};
    else if (!mistakes.empty())
        status_.last_error = {"org.astcti.Error.InvalidRules",
                              fmt::format("{}", fmt::join(mistakes, "\n"))};
    else if (!launch_error_.empty())
        status_.last_error = {"org.astcti.Error.NotStarted", launch_error_};
    else
        status_.last_error = {};
    if (bus_)
        bus_->set_status(status_);
}

} // namespace astcti
