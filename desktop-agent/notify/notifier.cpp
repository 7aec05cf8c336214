// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/notify/notifier.hpp"

#include "desktop-agent/log/log.hpp"
#include "desktop-agent/notify/message.hpp"
#include "protocol/utf8.hpp"

#include <giomm/dbuswatchname.h>
#include <sigc++/adaptors/bind.h>
#include <sigc++/functors/mem_fun.h>

namespace astcti::notify {

using protocol::CallState;

namespace {

constexpr int without_end = G_MAXINT;

std::string tag_of(const std::string& call) {
    return "astcti " + protocol::cleaned(call);
}

std::chrono::steady_clock::time_point now() {
    return std::chrono::steady_clock::now();
}

} // namespace

Notifier::Notifier(Glib::RefPtr<Gio::DBus::Connection> bus, NotifierHandler& handler,
                   MissedCalls::Send missed)
    : bus_(std::move(bus)), handler_(handler), lock_(bus_, [this] { on_lock_changed(); }),
      missed_(bus_, std::move(missed)), left_behind_(file_.read()) {
    watch_ = Gio::DBus::watch_name(
        bus_, service,
        [this](const auto&, const auto&, const Glib::ustring& owner) { on_owner_changed(owner); },
        [this](const auto&, const auto&) { on_owner_changed({}); });
    signals_ = bus_->signal_subscribe(
        [this](const auto&, const auto&, const auto&, const auto&, const Glib::ustring& name,
               const Glib::VariantContainerBase& parameters) { on_signal(name, parameters); },
        service, interface, {}, object);
}

Notifier::~Notifier() {
    Gio::DBus::unwatch_name(watch_);
    bus_->signal_unsubscribe(signals_);
}

void Notifier::update(const protocol::Call& call, bool is_news) {
    const bool is_inbound = call.direction == protocol::Direction::inbound;
    const bool talks =
        (call.state == CallState::answered && !is_alone(call)) || call.state == CallState::held;
    const bool begins =
        call.state == CallState::ringing || (call.state == CallState::answered && talks && is_news);
    if (is_missed(call) && is_muted_) {
        handler_.noted(call.id, "muted", "missed, but notifications are muted");
    } else if (is_missed(call)) {
        handler_.noted(call.id, "missed",
                       lock_.is_locked() ? "told as missed once the screen is unlocked"
                                         : "told as missed");
        missed_.add(call, screen());
    }

    const auto found = shown_.find(call.id);
    if (is_inbound && begins)
        begin(call);
    else if (found != shown_.end())
        go_on(found->second, call, is_inbound && talks);
    else if (!is_inbound && is_news)
        handler_.noted(call.id, "not-shown", "calls that go out are not shown");
    set_due();
    send_all();
}

void Notifier::begin(const protocol::Call& call) {
    if (is_muted_) {
        handler_.noted(call.id, "muted", "notifications are muted");
        return;
    }
    const auto [entry, is_new] = shown_.try_emplace(call.id);
    auto& shown = entry->second;
    shown.wanted = call;
    if (call.state != CallState::ringing)
        shown.due.reset();
    else if (is_new)
        shown.due = now() + ring_delay;
}

void Notifier::go_on(Shown& shown, const protocol::Call& call, bool talks) {
    if (shown.due && call.state != CallState::ringing)
        handler_.noted(call.id, "not-shown",
                       talks ? "answered within half a second, so by a machine"
                             : "over within half a second");
    if (shown.due || !talks)
        shown.wanted.reset();
    else
        shown.wanted = call;
}

void Notifier::set_due() {
    std::optional<Time> next;
    for (const auto& [call, shown] : shown_)
        if (shown.wanted && shown.due && (!next || *shown.due < *next))
            next = shown.due;
    due_.stop();
    if (next)
        due_.start(std::chrono::ceil<std::chrono::milliseconds>(*next - now()),
                   [this] { on_due(); });
}

void Notifier::on_due() {
    for (auto& [call, shown] : shown_)
        if (shown.due && *shown.due <= now())
            shown.due.reset();
    set_due();
    send_all();
}

void Notifier::set_muted(bool muted) {
    is_muted_ = muted;
    if (muted)
        close_all();
}

void Notifier::close_all() {
    for (auto& [call, shown] : shown_)
        shown.wanted.reset();
    send_all();
}

Screen Notifier::screen() const {
    auto screen = server_.value_or(Screen{});
    screen.locked = lock_.is_locked();
    return screen;
}

void Notifier::on_lock_changed() {
    missed_.update(screen());
    send_all();
}

// What is on the screen is brought into line with what is wanted there.
void Notifier::send_all() {
    const bool something_to_show = std::any_of(shown_.begin(), shown_.end(), [](const auto& one) {
        return one.second.wanted && !one.second.is_dismissed && !one.second.due;
    });
    if (something_to_show && !server_)
        ask_capabilities();
    for (auto next = shown_.begin(); next != shown_.end();) {
        auto& [call, shown] = *next;
        // With whom a person talks is nobody's business who passes by.
        if (lock_.is_locked() && shown.wanted && shown.wanted->state != CallState::ringing) {
            handler_.noted(call, "not-shown", "answered while the screen is locked");
            shown.wanted.reset();
        }
        if (shown.is_sending) {
            ++next;
        } else if (!shown.wanted) {
            if (shown.id != 0 && shown.sent)
                handler_.noted(call, "closed", "nothing of interest any more: the agent closes it");
            if (shown.id != 0)
                close(shown.id);
            next = shown_.erase(next);
        } else {
            if (server_ && !shown.is_dismissed && !shown.is_resting && !shown.due)
                send(call, shown);
            ++next;
        }
    }
    keep_ids();
}

void Notifier::send(const std::string& call, Shown& shown) {
    auto text = describe(*shown.wanted, screen(), handler_.offered(*shown.wanted));
    if (shown.sent == text)
        return;
    shown.sent = text;
    shown.is_sending = true;
    // Not with a number as well: mako frees what has both, and reads it after (emersion/mako#653).
    shown.has_tag = server_->tags && shown.id == 0;
    // Before it is sent: a crash may come before the answer.
    if (shown.has_tag)
        keep_ids();
    this->call("Notify",
               notify_parameters(shown.id, shown.has_tag ? tag_of(call) : std::string(), text,
                                 shown.wanted->state, answered_shown),
               &Notifier::on_notified, call);
}

void Notifier::on_notified(const Glib::RefPtr<Gio::AsyncResult>& result, const std::string& call) {
    const auto found = shown_.find(call);
    if (found == shown_.end())
        return;
    auto& shown = found->second;
    shown.is_sending = false;
    try {
        shown.id = id_of(bus_->call_finish(result));
        shown.failures = 0;
        if (shown.sent)
            handler_.noted(call, "shown",
                           "\"" + shown.sent->summary + "\" is the server's number " +
                               std::to_string(shown.id) +
                               (shown.sent->is_urgent ? ", critical" : ", normal"));
        answered();
    } catch (const Glib::Error& error) {
        handler_.noted(call, "failed", std::string("the server says: ") + error.what());
        failed(shown);
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
        server_ = screen_of(bus_->call_finish(result));
        answered();
    } catch (const Glib::Error& error) {
        // Escaped text is ugly where it is not markup, but harmless everywhere.
        server_ = Screen{};
        trouble(error.what());
    }
    send_all();
}

// Ids and capabilities are one server's; a new one shows what is still of interest.
void Notifier::on_owner_changed(const Glib::ustring& owner) {
    owner_ = owner.raw();
    server_.reset();
    close_left_behind();
    for (auto& [call, shown] : shown_) {
        shown.id = 0;
        shown.failures = 0;
        shown.is_resting = false;
        shown.sent.reset();
    }
    if (!owner_.empty())
        send_all();
    else
        keep_ids();
}

void Notifier::close_left_behind() {
    if (left_behind_.owner == owner_ && left_behind_.bus == bus_->get_guid()) {
        for (const auto id : left_behind_.ids)
            close(id);
        for (const auto& call : left_behind_.calls)
            take_over(call);
    }
    left_behind_ = {};
}

// What has the same tag goes in its place. Its answer tells the number, by which it is closed, or
// replaced by what there is to show of that call now.
void Notifier::take_over(const std::string& call) {
    auto& shown = shown_[call];
    shown.is_sending = true;
    shown.has_tag = true;
    const Text text{"Incoming call", {}, false, {}};
    this->call("Notify", notify_parameters(0, tag_of(call), text, CallState::ended, answered_shown),
               &Notifier::on_notified, call);
}

void Notifier::keep_ids() {
    if (!left_behind_.ids.empty() || !left_behind_.calls.empty())
        return; // the file is still about those
    KeptIds kept{bus_->get_guid(), owner_, {}, {}};
    for (const auto& [call, shown] : shown_)
        if (shown.id != 0)
            kept.ids.push_back(shown.id);
        else if (shown.is_sending && shown.has_tag)
            kept.calls.push_back(protocol::cleaned(call));
    file_.write(kept);
}

void Notifier::on_signal(const Glib::ustring& name, const Glib::VariantContainerBase& parameters) {
    if (name == "NotificationClosed") {
        on_closed(parameters);
        return;
    }
    const auto [id, text] = text_signal(parameters);
    const auto shown = find(id);
    if (shown == shown_.end())
        return;
    // The token comes before the click that it belongs to.
    if (name == "ActivationToken")
        shown->second.token = text;
    else if (name == "ActionInvoked")
        on_action(shown, text);
}

void Notifier::on_action(Shows::iterator shown, const std::string& key) {
    const auto call = shown->second.wanted;
    if (key == hide_key) {
        handler_.noted(shown->first, "hidden", "you clicked Hide");
        shown->second.is_dismissed = true;
        close(shown->second.id);
    } else if ((key == open_key || key == default_key) && call) {
        handler_.opened(*call, std::exchange(shown->second.token, {}));
    }
}

Notifier::Shows::iterator Notifier::find(std::uint32_t id) {
    return std::find_if(shown_.begin(), shown_.end(),
                        [id](const auto& one) { return id != 0 && one.second.id == id; });
}

void Notifier::on_closed(const Glib::VariantContainerBase& parameters) {
    const auto [id, reason] = closed_notification(parameters);
    const auto found = find(id);
    if (found == shown_.end())
        return;
    found->second.id = 0;
    found->second.is_dismissed = found->second.is_dismissed || reason == dismissed_by_person;
    handler_.noted(found->first, "closed",
                   "the server closed it: " + std::string(closed_because(reason)));
    keep_ids();
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
    if (owner_.empty() || ++shown.failures >= max_attempts)
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
