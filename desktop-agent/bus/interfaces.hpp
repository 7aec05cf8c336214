// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <giomm/dbusintrospection.h>

namespace astcti::bus {

inline constexpr const char* call_interface_name = "org.astcti.Agent1.Call";
inline constexpr const char* object_manager_name = "org.freedesktop.DBus.ObjectManager";

// From dbus/*.xml, compiled in.
Glib::RefPtr<Gio::DBus::InterfaceInfo> agent_interface();
Glib::RefPtr<Gio::DBus::InterfaceInfo> call_interface();

// The standard's.
Glib::RefPtr<Gio::DBus::InterfaceInfo> object_manager();

} // namespace astcti::bus
