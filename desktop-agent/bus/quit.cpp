// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/bus/quit.hpp"

#include "desktop-agent/log/log.hpp"

#include <giomm/dbusconnection.h>
#include <giomm/dbuswatchname.h>
#include <giomm/init.h>
#include <glibmm/main.h>
#include <sysexits.h>

namespace astcti::bus {
namespace {

constexpr const char* application_name = "org.astcti.Agent";
constexpr const char* application_path = "/org/astcti/Agent";
constexpr unsigned int deadline = 5; // seconds

void activate_quit(const Glib::RefPtr<Gio::DBus::Connection>& bus) {
    using Glib::ustring;
    using Glib::Variant;
    using Data = std::map<ustring, Glib::VariantBase>;
    bus->call(application_path, "org.gtk.Actions", "Activate",
              Glib::VariantContainerBase::create_tuple(
                  {Variant<ustring>::create("quit"),
                   Variant<std::vector<Glib::VariantBase>>::create({}), Variant<Data>::create({})}),
              Gio::SlotAsyncReady(), application_name, -1, Gio::DBus::CallFlags::NO_AUTO_START);
}

} // namespace

int quit() {
    Gio::init();
    const auto loop = Glib::MainLoop::create();
    const auto bus = Gio::DBus::Connection::get_sync(Gio::DBus::BusType::SESSION);
    int status = EX_OK;
    bool was_running = false;
    Gio::DBus::watch_name(
        bus, application_name,
        [&](const auto&, const auto&, const auto&) {
            was_running = true;
            activate_quit(bus);
        },
        [&](const auto&, const auto&) {
            if (!was_running)
                log::message("astcti-agent is not running");
            loop->quit();
        });
    Glib::signal_timeout().connect_seconds_once(
        [&] {
            log::warning("astcti-agent does not end; end its process");
            status = EX_TEMPFAIL;
            loop->quit();
        },
        deadline);
    loop->run();
    return status;
}

} // namespace astcti::bus
