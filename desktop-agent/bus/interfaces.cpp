// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/bus/interfaces.hpp"

#include "org_astcti_Agent1.hpp"
#include "org_astcti_Agent1_Call.hpp"

#include <string>
#include <string_view>

namespace astcti::bus {
namespace {

constexpr std::string_view object_manager_xml = R"(<node>
  <interface name="org.freedesktop.DBus.ObjectManager">
    <method name="GetManagedObjects">
      <arg name="object_paths_interfaces_and_properties" type="a{oa{sa{sv}}}" direction="out"/>
    </method>
    <signal name="InterfacesAdded">
      <arg name="object_path" type="o"/>
      <arg name="interfaces_and_properties" type="a{sa{sv}}"/>
    </signal>
    <signal name="InterfacesRemoved">
      <arg name="object_path" type="o"/>
      <arg name="interfaces" type="as"/>
    </signal>
  </interface>
</node>)";

Glib::RefPtr<Gio::DBus::InterfaceInfo> interface_of(std::string_view xml, const char* name) {
    return Gio::DBus::NodeInfo::create_for_xml(std::string(xml))->lookup_interface(name);
}

} // namespace

Glib::RefPtr<Gio::DBus::InterfaceInfo> agent_interface() {
    return interface_of(dbus::org_astcti_Agent1, "org.astcti.Agent1");
}

Glib::RefPtr<Gio::DBus::InterfaceInfo> call_interface() {
    return interface_of(dbus::org_astcti_Agent1_Call, call_interface_name);
}

Glib::RefPtr<Gio::DBus::InterfaceInfo> object_manager() {
    return interface_of(object_manager_xml, object_manager_name);
}

} // namespace astcti::bus
