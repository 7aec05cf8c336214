// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ami/session.hpp"

#include "daemon/ami/text.hpp"
#include "daemon/base/digest.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace astcti::ami {
namespace {

constexpr std::string_view banner_start = "Asterisk Call Manager/";

// Quotes at most this much of what a peer that is not Asterisk said.
constexpr std::size_t max_quoted = 60;

std::string quoted(std::string_view text) {
    return "\"" + clean_text(text.substr(0, max_quoted)) + "\"";
}

std::string refusal_advice(std::string_view user, std::string_view message) {
    if (message.find("Already In Use") != message.npos)
        return fmt::format(
            "login refused: user \"{}\" is logged in elsewhere, and manager.conf has "
            "allowmultiplelogin=no",
            user);
    return fmt::format("login refused for user \"{}\" ({}): check the secret, and permit= and the "
                       "section [{}] in Asterisk's manager.conf",
                       user, clean_text(message), user);
}

} // namespace

Session::Session(std::string user, std::string secret, Time now)
    : user_(std::move(user)), secret_(std::move(secret)), deadline_(now + login_deadline) {}

ActionValue Session::next_id() {
    return *ActionValue::from(fmt::format("astcti-{}", ++last_id_));
}

std::string Session::take_output() {
    return std::exchange(output_, {});
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
    deadline_ = now + login_deadline;
    const auto id = next_id();
    awaited_ = id.text();
    send(challenge_action(id));
}

Session::Meaning Session::received(const Packet& packet, Time now) {
    if (failure_)
        return Meaning::none;
    if (packet.find("Response") && !packet.find("Event"))
        return response(packet, now);
    if (!is_logged_in())
        return Meaning::none;
    const auto answer = query_.event(packet);
    if (answer == SnapshotQuery::Answer::endless)
        fail(fmt::format("its lists of bridges, queues and channels have more than {} items, which "
                         "cannot be: is this Asterisk?",
                         SnapshotQuery::max_items),
             true);
    return answer == SnapshotQuery::Answer::none ? Meaning::event : meaning_of(answer);
}

Session::Meaning Session::response(const Packet& packet, Time now) {
    const auto id = packet.get("ActionID");
    if (state_ == State::challenge && id == awaited_) {
        challenged(packet, now);
    } else if (state_ == State::login && id == awaited_) {
        return answered_login(packet, now);
    } else if (is_logged_in() && ping_sent_ && id == awaited_) {
        ping_sent_ = false;
        deadline_ = now + ping_interval;
    } else if (packet.get("Response") == "Error") {
        return refused(packet);
    }
    return Meaning::none;
}

Session::Meaning Session::refused(const Packet& packet) {
    const auto id = packet.get("ActionID");
    refusal_ = clean_text(packet.get("Message"));
    std::string instead;
    const auto answer = query_.error(
        packet, [this] { return next_id(); }, instead);
    send(instead);
    if (answer == SnapshotQuery::Answer::refused)
        fail(fmt::format("cannot list the channels ({}): the manager user needs write=reporting",
                         refusal_),
             true);
    if (answer != SnapshotQuery::Answer::none)
        return meaning_of(answer);
    return !originate_id_.empty() && id == originate_id_ ? Meaning::action_refused : Meaning::none;
}

Session::Meaning Session::meaning_of(SnapshotQuery::Answer answer) {
    switch (answer) {
    case SnapshotQuery::Answer::item:
        return Meaning::snapshot_item;
    case SnapshotQuery::Answer::done:
        return Meaning::snapshot_done;
    default:
        return Meaning::none;
    }
}

void Session::ask_for_snapshot(Time now) {
    asked_ = now;
    snapshot_due_ = now + snapshot_interval;
    snapshot_begun_ = true;
    send(query_.ask([this] { return next_id(); }));
}

void Session::suspect(Time now) {
    if (is_logged_in())
        snapshot_due_ = std::min(snapshot_due_, std::max(now, asked_ + shortest_snapshot_interval));
}

Time Session::next_deadline() const noexcept {
    if (!is_logged_in())
        return deadline_;
    return std::min(deadline_, query_.is_open() ? asked_ + snapshot_deadline : snapshot_due_);
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
    awaited_ = id.text();
    state_ = State::login;
    deadline_ = now + login_deadline;
    send(login_action(id, *user, *ActionValue::from(key)));
}

Session::Meaning Session::answered_login(const Packet& packet, Time now) {
    if (packet.get("Response") != "Success") {
        fail(refusal_advice(user_, packet.get("Message")), true);
        return Meaning::none;
    }
    state_ = State::running;
    deadline_ = now + ping_interval;
    ask_for_snapshot(now);
    return Meaning::logged_in;
}

void Session::tick(Time now) {
    if (failure_ || now < next_deadline())
        return;
    if (is_logged_in())
        tick_running(now);
    else
        fail(fmt::format("no answer within {} s of connecting",
                         std::chrono::duration_cast<std::chrono::seconds>(login_deadline).count()));
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
    if (ping_sent_) {
        fail("it does not answer any more");
        return;
    }
    const auto id = next_id();
    awaited_ = id.text();
    ping_sent_ = true;
    deadline_ = now + ping_deadline;
    send(ping_action(id));
}

void Session::originate(const Originate& originate) {
    const auto id = next_id();
    originate_id_ = id.text();
    send(originate_action(id, originate));
}

void Session::log_off() {
    send(logoff_action(next_id()));
}

} // namespace astcti::ami
