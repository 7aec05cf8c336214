// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/link/wake_watch.hpp"

#include <sigc++/functors/mem_fun.h>
#include <utility>

namespace astcti::link {

WakeWatch::WakeWatch(std::function<void()> woke)
    : woke_(std::move(woke)), networks_(Gio::NetworkMonitor::get_default()) {
    network_ = networks_->signal_network_changed().connect([this](bool) { woke_(); });
    Gio::DBus::Connection::get(Gio::DBus::BusType::SYSTEM,
                               sigc::mem_fun(*this, &WakeWatch::on_system_bus));
}

WakeWatch::~WakeWatch() {
    network_.disconnect();
    if (system_)
        system_->signal_unsubscribe(signal_);
}

void WakeWatch::on_system_bus(const Glib::RefPtr<Gio::AsyncResult>& result) {
    try {
        system_ = Gio::DBus::Connection::get_finish(result);
    } catch (const Glib::Error&) {
        return; // a container without one
    }
    system_->set_exit_on_close(false);
    // org.freedesktop.login1(5): true before the sleep, false after it.
    signal_ = system_->signal_subscribe(
        [this](const auto&, const auto&, const auto&, const auto&, const auto&,
               const Glib::VariantContainerBase& values) { on_sleep(values); },
        "org.freedesktop.login1", "org.freedesktop.login1.Manager", "PrepareForSleep",
        "/org/freedesktop/login1");
}

void WakeWatch::on_sleep(const Glib::VariantContainerBase& values) {
    if (!values.is_of_type(Glib::VariantType("(b)")))
        return;
    Glib::Variant<bool> sleeps;
    values.get_child(sleeps, 0);
    if (!sleeps.get())
        woke_();
}

} // namespace astcti::link
