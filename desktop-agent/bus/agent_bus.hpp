// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "desktop-agent/bus/agent_status.hpp"
#include "desktop-agent/bus/call_properties.hpp"
#include "desktop-agent/why/decision_log.hpp"
#include "protocol/call.hpp"

#include <giomm/dbusconnection.h>
#include <giomm/dbusinterfacevtable.h>
#include <giomm/dbusintrospection.h>
#include <map>
#include <string>
#include <vector>

namespace astcti::bus {

inline constexpr const char* agent_name = "org.astcti.Agent1";

// Answers what other programs ask of the agent.
class AgentBusHandler {
public:
    // Why a call popped or not; the last call if `call` is empty, nullptr if it is not known.
    virtual const why::Told* explained(const std::string& call) const = 0;
    // The ids of the calls that explained() knows, the oldest first.
    virtual std::vector<std::string> explained_calls() const = 0;
    virtual void set_popups_muted(bool muted) = 0;

protected:
    ~AgentBusHandler() = default; // never owned through the interface
};

// The agent's face on the session bus, as in dbus/*.xml: it shows, it decides nothing.
class AgentBus {
public:
    // Registers the objects; the name comes with own_name(), once there is something to see.
    // Throws Glib::Error.
    AgentBus(Glib::RefPtr<Gio::DBus::Connection> bus, AgentBusHandler& handler, Sharing sharing);
    ~AgentBus();
    AgentBus(const AgentBus&) = delete; // the bus holds our address
    AgentBus& operator=(const AgentBus&) = delete;

    void own_name();

    void set_status(const AgentStatus& status);

    void added(const protocol::Call& call);
    void changed(const protocol::Call& call, const std::vector<std::string>& names);
    void removed(const protocol::Call& call);

    // Takes every call off the bus, before the agent ends.
    void remove_all();

private:
    struct Shown {
        protocol::Call call;
        unsigned int registration = 0;
    };
    using Shows = std::map<std::string, Shown, std::less<>>; // by object path

    void remove(Shows::iterator shown);
    void emit(const char* interface, const char* signal, const Glib::VariantContainerBase& values);
    void emit_changes(const std::string& path, const char* interface, const Properties& values);
    void on_get(Glib::VariantBase& value, const std::string& path, const Glib::ustring& name);
    bool on_set(const Glib::ustring& name, const Glib::VariantBase& value);
    void on_call(const Glib::ustring& method, const Glib::VariantContainerBase& parameters,
                 const Glib::RefPtr<Gio::DBus::MethodInvocation>& invocation);
    void explain(const std::string& call,
                 const Glib::RefPtr<Gio::DBus::MethodInvocation>& invocation);
    void on_get_managed(const Glib::RefPtr<Gio::DBus::MethodInvocation>& invocation);

    Glib::RefPtr<Gio::DBus::Connection> bus_;
    AgentBusHandler& handler_;
    Sharing sharing_;
    Gio::DBus::InterfaceVTable agent_;
    Gio::DBus::InterfaceVTable properties_; // of every call
    Gio::DBus::InterfaceVTable manager_;
    Glib::RefPtr<Gio::DBus::InterfaceInfo> call_interface_;
    std::vector<unsigned int> registrations_;
    unsigned int name_ = 0;
    AgentStatus status_;
    Shows shown_;
};

} // namespace astcti::bus
