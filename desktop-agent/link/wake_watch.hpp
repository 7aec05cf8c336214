// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <giomm/asyncresult.h>
#include <giomm/dbusconnection.h>
#include <giomm/networkmonitor.h>
#include <sigc++/connection.h>
#include <sigc++/trackable.h>

namespace astcti::link {

// Hears when the machine wakes up, from logind, and when its network changes, from the system's
// monitor of networks: a connection from before may be dead without a word. Nothing here blocks.
class WakeWatch : public sigc::trackable {
public:
    // `woke` is called from the main loop, for one change several times.
    explicit WakeWatch(std::function<void()> woke);
    ~WakeWatch();
    WakeWatch(const WakeWatch&) = delete;
    WakeWatch& operator=(const WakeWatch&) = delete;

private:
    void on_system_bus(const Glib::RefPtr<Gio::AsyncResult>& result);
    void on_sleep(const Glib::VariantContainerBase& values);

    std::function<void()> woke_;
    Glib::RefPtr<Gio::DBus::Connection> system_;
    Glib::RefPtr<Gio::NetworkMonitor> networks_;
    sigc::connection network_;
    unsigned int signal_ = 0;
};

} // namespace astcti::link
