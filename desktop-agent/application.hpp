// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "desktop-agent/agent.hpp"
#include "desktop-agent/settings.hpp"

#include <giomm/application.h>
#include <optional>
#include <string>

namespace astcti {

// The agent as the desktop knows it: the name org.astcti.Agent, one in a session, its start
// and its end. Needs no display.
class Application : public Gio::Application {
public:
    Application(Settings settings, bool is_service);

    // The exit status so far; run() does not know of ours.
    int status() const noexcept { return status_; }

protected:
    bool dbus_register_vfunc(const Glib::RefPtr<Gio::DBus::Connection>& connection,
                             const Glib::ustring& path) override;
    void on_startup() override;
    void on_activate() override {}
    void on_shutdown() override;

private:
    void show_missed(const std::string& id, const std::string& title, const std::string& body);
    void end(int status);
    void on_bus_closed();

    Settings settings_;
    std::optional<Agent> agent_;
    int status_ = 0;
};

} // namespace astcti
