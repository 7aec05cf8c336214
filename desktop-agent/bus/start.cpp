// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/bus/start.hpp"

#include "desktop-agent/bus/agent_bus.hpp"
#include "desktop-agent/log/log.hpp"

#include <giomm/init.h>
#include <sysexits.h>

namespace astcti::bus {

int start() {
    using Glib::ustring;
    using Glib::Variant;
    Gio::init();
    const auto bus = Gio::DBus::Connection::get_sync(Gio::DBus::BusType::SESSION);
    try {
        bus->call_sync("/org/freedesktop/DBus", "org.freedesktop.DBus", "StartServiceByName",
                       Glib::VariantContainerBase::create_tuple(
                           {Variant<ustring>::create(agent_name), Variant<guint32>::create(0)}),
                       "org.freedesktop.DBus");
        return EX_OK;
    } catch (const Glib::Error& error) {
        log::warning(std::string("the session cannot start the agent: ") + error.what());
        return EX_UNAVAILABLE;
    }
}

} // namespace astcti::bus
