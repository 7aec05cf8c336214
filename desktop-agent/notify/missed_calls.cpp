// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/notify/missed_calls.hpp"

#include "desktop-agent/notify/message.hpp"

#include <giomm/dbuswatchname.h>

namespace astcti::notify {

MissedCalls::MissedCalls(Glib::RefPtr<Gio::DBus::Connection> bus, Send send)
    : bus_(std::move(bus)), send_(std::move(send)),
      watch_(Gio::DBus::watch_name(
          bus_, "org.gtk.Notifications",
          [this](const auto&, const auto&, const auto&) { has_gnome_ = true; },
          [this](const auto&, const auto&) { has_gnome_ = false; })) {}

MissedCalls::~MissedCalls() {
    Gio::DBus::unwatch_name(watch_);
}

void MissedCalls::add(const protocol::Call& call, const Screen& screen) {
    if (!screen.locked) {
        send(call, screen);
        return;
    }
    if (held_.size() == max_held)
        held_.pop_front();
    held_.push_back(call);
}

void MissedCalls::update(const Screen& screen) {
    while (!screen.locked && !held_.empty()) {
        send(held_.front(), screen);
        held_.pop_front();
    }
}

void MissedCalls::send(const protocol::Call& call, const Screen& screen) {
    if (has_gnome_) {
        auto plain = screen;
        plain.escape = false;
        const auto text = describe_missed(call, plain);
        send_("missed-" + call.id, text.summary, text.body);
        return;
    }
    bus_->call(object, interface, "Notify", missed_parameters(describe_missed(call, screen)),
               Gio::SlotAsyncReady(), service);
}

} // namespace astcti::notify
