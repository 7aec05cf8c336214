// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/application.hpp"

#include "desktop-agent/log/log.hpp"

#include <csignal>
#include <giomm/notification.h>
#include <giomm/themedicon.h>
#include <glib-unix.h>
#include <sysexits.h>

namespace astcti {
namespace {

int on_signal(void* application) noexcept {
    static_cast<Gio::Application*>(application)->quit();
    return G_SOURCE_CONTINUE;
}

} // namespace

Application::Application(Settings settings, bool is_service)
    : Gio::Application("org.astcti.Agent", is_service ? Flags::IS_SERVICE : Flags::NONE),
      settings_(std::move(settings)) {}

// Before the name is owned: whoever sees it finds the objects.
bool Application::dbus_register_vfunc(const Glib::RefPtr<Gio::DBus::Connection>& connection,
                                      const Glib::ustring& path) {
    if (!Gio::Application::dbus_register_vfunc(connection, path))
        return false;
    connection->set_exit_on_close(false);
    connection->signal_closed().connect([this](bool, const Glib::Error&) { on_bus_closed(); });
    return true;
}

void Application::on_startup() {
    Gio::Application::on_startup();
    hold();
    add_action("quit", [this] { quit(); });
    g_unix_signal_add(SIGTERM, on_signal, this);
    g_unix_signal_add(SIGINT, on_signal, this);

    const auto bus = get_dbus_connection();
    if (!bus)
        log::warning("there is no session bus: no notifications, and no other program hears of "
                     "calls; rules run");
    agent_.emplace(std::move(settings_), bus,
                   [this](const std::string& id, const std::string& title,
                          const std::string& body) { show_missed(id, title, body); });
    agent_->start([this] { end(EX_NOPERM); });
}

void Application::on_shutdown() {
    if (agent_) {
        agent_->stop();
        const auto bus = get_dbus_connection();
        if (bus && !bus->is_closed())
            bus->flush_sync();
        agent_.reset();
    }
    Gio::Application::on_shutdown();
}

// Belongs to the application and outlives it: what was missed is of interest afterwards.
void Application::show_missed(const std::string& id, const std::string& title,
                              const std::string& body) {
    const auto notification = Gio::Notification::create(title);
    notification->set_body(body);
    notification->set_icon(Gio::ThemedIcon::create("call-missed-symbolic"));
    // Before what other programs merely have to tell.
    notification->set_priority(Gio::Notification::Priority::HIGH);
    send_notification(id, notification);
}

void Application::end(int status) {
    status_ = status;
    quit();
}

// The library cannot take up a new one; systemd starts the agent again with the next bus.
void Application::on_bus_closed() {
    log::warning("the session bus went away; the agent ends");
    end(EXIT_FAILURE);
}

} // namespace astcti
