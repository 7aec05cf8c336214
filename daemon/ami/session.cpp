// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ami/session.hpp"

#include "daemon/ami/refusal.hpp"
#include "daemon/ami/text.hpp"
#include "daemon/base/digest.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace astcti::ami {
namespace {

constexpr auto action_id_key = key_number("ActionID");
constexpr auto privilege_key = key_number("Privilege");

constexpr std::string_view banner_start = "Asterisk Call Manager/";

// Quotes at most this much of what a peer that is not Asterisk said.
constexpr std::size_t max_quoted = 60;

std::string quoted(std::string_view text) {
    return "\"" + clean_text(text.substr(0, max_quoted)) + "\"";
}

constexpr long seconds_of(Time time) {
    return static_cast<long>(std::chrono::duration_cast<std::chrono::seconds>(time).count());
}

} // namespace

Session::Session(std::string user, std::string secret, Time now, std::string ids,
                 std::uint64_t last_id)
    : user_(std::move(user)), secret_(std::move(secret)), ids_(std::move(ids)),
      deadline_(now + login_deadline), last_id_(last_id), rights_(clean_text(user_)) {}

ActionValue Session::next_id() {
    return *ActionValue::from(fmt::format("{}-{}", ids_, ++last_id_));
}

void Session::send(const ActionValue& id, Kind kind, const Action& action, Time deadline) {
    pending_.sent(id, kind, deadline);
    send(action);
}

std::string Session::take_output() {
    return std::exchange(output_, {});
}

std::vector<FailedOriginate> Session::take_failed_originates() {
    return std::exchange(failed_, {});
}

std::vector<Remark> Session::take_remarks() {
    auto remarks = rights_.take_remarks();
    remarks.insert(remarks.end(), remarks_.begin(), remarks_.end());
    remarks_.clear();
    return remarks;
}

void Session::fail(std::string why, bool refused) {
    if (!failure_)
        failure_ = Failure{std::move(why), refused};
}

void Session::banner(std::string_view line, Time now) {
    if (!line.starts_with(banner_start)) {
        fail(fmt::format("this is not Asterisk's manager interface: it says {}", quoted(line)));
        return;
    }
    greeting_ = clean_text(line);
    state_ = State::challenge;
    deadline_ = Time::max();
    const auto id = next_id();
    send(id, Kind::challenge, challenge_action(id), now + login_deadline);
}

Session::Meaning Session::received(const Packet& packet, Time now) {
    if (failure_)
        return Meaning::none;
    if (!is_believed(packet))
        return Meaning::none;
    if (packet.is_response())
        return response(packet, now);
    if (!is_logged_in())
        return Meaning::none;
    // The rest of an event that a caller's line ends have cut: what was inside is forged.
    if (packet.event().empty()) {
        suspect(now);
        return Meaning::none;
    }
    if (Doubt::is_cut(packet))
        return cut(packet, now);
    const auto answer = query_.event(packet);
    if (answer == SnapshotQuery::Answer::none)
        return live_event(packet, now);
    if (answer == SnapshotQuery::Answer::endless)
        fail(fmt::format("its lists of bridges, queues and channels have more than {} items, which "
                         "cannot be: is this Asterisk?",
                         SnapshotQuery::max_items),
             true);
    // Where the items come the action was answered, whatever its response.
    pending_.answered(packet.get(action_id_key));
    rights_.item(packet, now - logged_in_);
    return meaning_of(answer, now);
}

bool Session::is_ours(std::string_view action_id) const noexcept {
    return action_id.size() > ids_.size() && action_id.starts_with(ids_) &&
           action_id[ids_.size()] == '-';
}

// Looks for the ActionID only where it matters, as there may be any number of events.
bool Session::is_believed(const Packet& packet) {
    if (!query_.is_open() && !doubt_.holds())
        return true;
    return !is_ours(packet.get(action_id_key)) || doubt_.believes(packet.event());
}

void Session::warn_of_forgery() {
    if (std::exchange(has_warned_, true))
        return;
    remarks_.push_back(
        {base::LogLevel::warning,
         "a caller's number, or another value, has a line end in it: he may be forging events. "
         "What follows such a value is not believed, but keep it out: with the eventfilter= of "
         "astcti-asterisk(7) in manager.conf"});
}

// What a caller may have written follows.
Session::Meaning Session::cut(const Packet& packet, Time now) {
    const bool is_item = query_.is_open() && Doubt::has_callers_values(packet.event());
    if (is_item && !is_ours(packet.get(action_id_key)) && Doubt::has_late_action_id(packet.event()))
        doubt_.cut_before_action_id();
    if (is_item) {
        doubt_.cut();
        warn_of_forgery();
        return Meaning::cut_item;
    }
    was_cut(now);
    return Meaning::none;
}

void Session::was_cut(Time now) {
    doubt_.cut();
    warn_of_forgery();
    suspect(now);
    // The answer is the next proof. One ping at a time: that of one which is under way does as
    // well.
    if (!query_.is_open() && deadline_ != Time::max())
        deadline_ = now;
}

// What is not about a channel has no caller's values, and the first headers are still Asterisk's
// own.
Session::Meaning Session::malformed(const Packet& packet, Time now) {
    suspect(now);
    if (failure_ || !is_logged_in() || packet.event().empty() || !packet.find("Channel") ||
        !is_believed(packet))
        return Meaning::none;
    return cut(packet, now);
}

Session::Meaning Session::live_event(const Packet& packet, Time now) {
    // The end of a queue's caller, or of an item before 1.6, has the ActionID.
    if (query_.is_open() && Doubt::has_late_action_id(packet.event()))
        return cut(packet, now);
    if (doubt_.holds()) {
        doubt_.cut();
        warn_of_forgery();
        snapshot_due_ = std::min(snapshot_due_, std::max(now, asked_ + doubt_interval));
        return Meaning::doubtful;
    }
    // Another's, or forged: who did not ask does not know ours.
    if (packet.event() == "OriginateResponse" && !is_ours(packet.get(action_id_key)))
        return Meaning::none;
    if (const auto right = right_of_event(packet.get(privilege_key)))
        rights_.proved(*right);
    return Meaning::event;
}

bool Session::passed_over(std::string_view packet) {
    if (!is_logged_in())
        return true;
    if (const auto right = passed_rights_.proved_by(packet))
        rights_.proved(*right);
    return !Doubt::is_cut(packet);
}

Session::Meaning Session::response(const Packet& packet, Time now) {
    const auto pending = pending_.answered(packet.get(action_id_key));
    if (!pending) {
        stray(packet);
        return Meaning::none;
    }
    const bool is_error = packet.get("Response") == "Error";
    switch (pending->kind) {
    case Kind::challenge:
        challenged(packet, now);
        break;
    case Kind::login:
        return answered_login(packet, now);
    case Kind::ping:
        deadline_ = now + ping_interval;
        break;
    case Kind::list:
        return is_error ? list_response(packet, now) : Meaning::none;
    case Kind::list_commands:
        if (is_error)
            rights_.not_listed();
        else
            rights_.listed(packet);
        break;
    case Kind::originate:
        if (is_error)
            failed_.push_back({*pending->originate, clean_text(packet.get("Message"))});
        break;
    }
    return Meaning::none;
}

// Asterisk 16 and 22 send a second error, without ActionID, after a line that is too long; and
// an answer may come after its deadline. The first one of a connection is told aloud.
void Session::stray(const Packet& packet) {
    remarks_.push_back(
        {++strays_ == 1 ? base::LogLevel::warning : base::LogLevel::debug,
         fmt::format("Asterisk answered to nothing that was asked: {} ({})",
                     quoted(packet.get("Response")), quoted(packet.get("Message")))});
}

Session::Meaning Session::list_response(const Packet& packet, Time now) {
    const auto answer = query_.error(
        packet, [this] { return next_id(); },
        [this, now](const ActionValue& id, const Action& action) {
            send(id, Kind::list, action, now + PendingActions::answer_deadline);
        });
    if (answer == SnapshotQuery::Answer::refused)
        fail(list_refused(user_, packet.get("Message"), query_.is_before_1_6()), true);
    return meaning_of(answer, now);
}

Session::Meaning Session::meaning_of(SnapshotQuery::Answer answer, Time now) {
    switch (answer) {
    case SnapshotQuery::Answer::item:
        return Meaning::snapshot_item;
    case SnapshotQuery::Answer::done:
        doubt_.list_done();
        ask_for_rights(now);
        return Meaning::snapshot_done;
    default:
        return Meaning::none;
    }
}

void Session::ask_for_snapshot(Time now) {
    asked_ = now;
    snapshot_due_ = now + snapshot_interval;
    snapshot_begun_ = true;
    doubt_.list_asked();
    query_.ask([this] { return next_id(); },
               [this, now](const ActionValue& id, const Action& action) {
                   send(id, Kind::list, action, now + snapshot_deadline);
               });
}

// Once, and behind the first list: what is there matters more.
void Session::ask_for_rights(Time now) {
    if (std::exchange(rights_asked_, true))
        return;
    const auto id = next_id();
    send(id, Kind::list_commands, list_commands_action(id), now + PendingActions::answer_deadline);
}

void Session::suspect(Time now) {
    if (is_logged_in())
        snapshot_due_ = std::min(snapshot_due_, std::max(now, asked_ + shortest_snapshot_interval));
}

Time Session::next_deadline() const noexcept {
    const auto next = std::min(deadline_, pending_.next_deadline());
    if (!is_logged_in())
        return next;
    return std::min(next, query_.is_open() ? asked_ + snapshot_deadline : snapshot_due_);
}

void Session::challenged(const Packet& packet, Time now) {
    const auto challenge = packet.find("Challenge");
    const auto user = ActionValue::from(user_);
    if (!challenge || !user) {
        fail(fmt::format("no challenge for a login with MD5 ({})",
                         clean_text(packet.get("Message"))),
             true);
        return;
    }
    const auto id = next_id();
    const auto key = base::md5_hex(std::string(*challenge) + secret_);
    state_ = State::login;
    send(id, Kind::login, login_action(id, *user, *ActionValue::from(key)), now + login_deadline);
}

Session::Meaning Session::answered_login(const Packet& packet, Time now) {
    if (packet.get("Response") != "Success") {
        fail(login_refused(user_, packet.get("Message")), true);
        return Meaning::none;
    }
    state_ = State::running;
    logged_in_ = now;
    deadline_ = now + ping_interval;
    ask_for_snapshot(now);
    return Meaning::logged_in;
}

void Session::tick(Time now) {
    if (!failure_ && state_ == State::banner && now >= deadline_)
        fail(no_greeting(seconds_of(login_deadline)));
    while (!failure_) {
        const auto pending = pending_.expired(now);
        if (!pending)
            break;
        unanswered(*pending);
    }
    if (!failure_ && is_logged_in())
        tick_running(now);
}

void Session::unanswered(const PendingActions::Pending& pending) {
    switch (pending.kind) {
    case Kind::challenge:
    case Kind::login:
        fail(fmt::format("no answer to the login within {} s", seconds_of(login_deadline)));
        break;
    case Kind::ping:
        fail("it does not answer any more");
        break;
    case Kind::list:
        fail("the list of channels did not come to an end");
        break;
    case Kind::list_commands:
        rights_.not_listed();
        break;
    case Kind::originate:
        failed_.push_back(
            {*pending.originate,
             fmt::format("no answer within {} s", seconds_of(PendingActions::answer_deadline))});
        break;
    }
}

void Session::tick_running(Time now) {
    if (query_.is_open() && now >= asked_ + snapshot_deadline) {
        fail("the list of channels did not come to an end");
        return;
    }
    if (!query_.is_open() && now >= snapshot_due_)
        ask_for_snapshot(now);
    if (now < deadline_)
        return;
    deadline_ = Time::max(); // until it is answered
    const auto id = next_id();
    send(id, Kind::ping, ping_action(id), now + ping_deadline);
}

bool Session::originate(const Originate& originate, Time now) {
    const auto id = next_id();
    if (!pending_.sent(id, originate, now + PendingActions::answer_deadline))
        return false;
    send(originate_action(id, originate));
    return true;
}

void Session::abandon(std::string_view why) {
    for (auto& originate : pending_.take_originates())
        failed_.push_back({std::move(originate), std::string(why)});
}

void Session::log_off() {
    send(logoff_action(next_id()));
}

} // namespace astcti::ami
