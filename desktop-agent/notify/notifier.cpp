// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/notify/notifier.hpp"

#include "desktop-agent/log/log.hpp"
#include "desktop-agent/notify/message.hpp"

#include <giomm/dbuswatchname.h>
#include <sigc++/adaptors/bind.h>
#include <sigc++/functors/mem_fun.h>

namespace astcti::notify {

using protocol::CallState;

namespace {

constexpr int without_end = G_MAXINT;

} // namespace

Notifier::Notifier(Glib::RefPtr<Gio::DBus::Connection> bus) : bus_(std::move(bus)) {
    watch_ = Gio::DBus::watch_name(
        bus_, service,
        [this](const auto&, const auto&, const Glib::ustring& owner) { on_owner_changed(owner); },
        [this](const auto&, const auto&) { on_owner_changed({}); });
    closed_signal_ = bus_->signal_subscribe(
        [this](const auto&, const auto&, const auto&, const auto&, const auto&,
               const Glib::VariantContainerBase& parameters) { on_closed(parameters); },
        service, interface, "NotificationClosed", object);
}

Notifier::~Notifier() {
    Gio::DBus::unwatch_name(watch_);
    bus_->signal_unsubscribe(closed_signal_);
}

void Notifier::update(const protocol::Call& call, bool is_news) {
    const auto found = shown_.find(call.id);
    const bool is_inbound = call.direction == protocol::Direction::inbound;
    const bool talks =
        (call.state == CallState::answered && !is_alone(call)) || call.state == CallState::held;
    const bool begins =
        call.state == CallState::ringing || (call.state == CallState::answered && talks && is_news);
    if (is_inbound && begins)
        shown_[call.id].wanted = call;
    else if (found == shown_.end())
        return;
    else if (is_inbound && talks)
        found->second.wanted = call;
    else
        found->second.wanted.reset();
    send_all();
}

void Notifier::remove(const std::string& call) {
    if (const auto found = shown_.find(call); found != shown_.end())
        found->second.wanted.reset();
    send_all();
}

void Notifier::close_all() {
    for (auto& [call, shown] : shown_)
        shown.wanted.reset();
    send_all();
}

// What is on the screen is brought into line with what is wanted there.
void Notifier::send_all() {
    const bool something_to_show = std::any_of(shown_.begin(), shown_.end(), [](const auto& one) {
        return one.second.wanted && !one.second.is_dismissed;
    });
    if (something_to_show && !escape_)
        ask_capabilities();
    for (auto next = shown_.begin(); next != shown_.end();) {
        auto& [call, shown] = *next;
        if (shown.is_sending) {
            ++next;
        } else if (!shown.wanted) {
            if (shown.id != 0)
                close(shown.id);
            next = shown_.erase(next);
        } else {
            if (escape_ && !shown.is_dismissed && !shown.is_resting)
                send(call, shown);
            ++next;
        }
    }
}

void Notifier::send(const std::string& call, Shown& shown) {
    auto text = describe(*shown.wanted, *escape_);
    if (shown.sent == text)
        return;
    shown.sent = text;
    shown.is_sending = true;
    this->call("Notify", notify_parameters(shown.id, text, shown.wanted->state, answered_shown),
               &Notifier::on_notified, call);
}

void Notifier::on_notified(const Glib::RefPtr<Gio::AsyncResult>& result, const std::string& call) {
    const auto found = shown_.find(call);
    if (found == shown_.end())
        return;
    found->second.is_sending = false;
    try {
        found->second.id = id_of(bus_->call_finish(result));
        found->second.failures = 0;
        answered();
    } catch (const Glib::Error& error) {
        failed(found->second);
        trouble(error.what());
    }
    send_all();
}

void Notifier::ask_capabilities() {
    if (is_asking_)
        return;
    is_asking_ = true;
    call("GetCapabilities", {}, &Notifier::on_capabilities, {});
}

void Notifier::on_capabilities(const Glib::RefPtr<Gio::AsyncResult>& result, const std::string&) {
    is_asking_ = false;
    try {
        escape_ = has_markup(bus_->call_finish(result));
        answered();
    } catch (const Glib::Error& error) {
        // Escaped text is ugly where it is not markup, but harmless everywhere.
        escape_ = true;
        trouble(error.what());
    }
    send_all();
}

// Ids and capabilities are one server's; a new one shows what is still of interest.
void Notifier::on_owner_changed(const Glib::ustring& owner) {
    has_owner_ = !owner.empty();
    escape_.reset();
    for (auto& [call, shown] : shown_) {
        shown.id = 0;
        shown.failures = 0;
        shown.is_resting = false;
        shown.sent.reset();
    }
    if (has_owner_)
        send_all();
}

void Notifier::on_closed(const Glib::VariantContainerBase& parameters) {
    const auto [id, reason] = closed_notification(parameters);
    for (auto& [call, shown] : shown_) {
        if (shown.id != id || id == 0)
            continue;
        shown.id = 0;
        shown.is_dismissed = reason == dismissed_by_person;
    }
}

void Notifier::close(std::uint32_t id) {
    bus_->call(object, interface, "CloseNotification", close_parameters(id), Gio::SlotAsyncReady(),
               service, -1, Gio::DBus::CallFlags::NO_AUTO_START);
}

void Notifier::call(const char* method, const Glib::VariantContainerBase& parameters, Answer answer,
                    const std::string& about) {
    bus_->call(object, interface, method, parameters,
               sigc::bind(sigc::mem_fun(*this, answer), about), service, without_end);
    deadline_.start(answer_deadline, [this] { trouble("the server does not answer"); });
}

void Notifier::answered() {
    deadline_.stop();
    is_in_trouble_ = false;
}

// Without a server there is nothing to try again: the next one is noticed.
void Notifier::failed(Shown& shown) {
    if (!has_owner_ || ++shown.failures >= max_attempts)
        return;
    shown.sent.reset();
    shown.is_resting = true;
    retry_.start(retry_wait, [this] { retry(); });
}

void Notifier::retry() {
    for (auto& [call, shown] : shown_)
        shown.is_resting = false;
    send_all();
}

void Notifier::trouble(const std::string& why) {
    deadline_.stop();
    if (!is_in_trouble_)
        log::warning("notifications: " + why + "; calls are told on D-Bus only");
    is_in_trouble_ = true;
}

} // namespace astcti::notify
