// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/bus/agent_bus.hpp"

#include "desktop-agent/bus/interfaces.hpp"
#include "desktop-agent/bus/object_path.hpp"
#include "desktop-agent/log/log.hpp"

#include <gio/gio.h>
#include <giomm/dbusmethodinvocation.h>

namespace astcti::bus {
namespace {

using Glib::ustring;
using Glib::Variant;
using Glib::VariantBase;
using Glib::VariantContainerBase;

using Interfaces = std::map<ustring, Properties>;                 // a{sa{sv}}
using Objects = std::map<Glib::DBusObjectPathString, Interfaces>; // a{oa{sa{sv}}}

Variant<Glib::DBusObjectPathString> path_value(const std::string& path) {
    return Variant<Glib::DBusObjectPathString>::create(path);
}

Variant<std::vector<ustring>> strings(const std::vector<std::string>& values) {
    return Variant<std::vector<ustring>>::create({values.begin(), values.end()});
}

VariantContainerBase call_signal(const std::string& path, const protocol::Call& call,
                                 Sharing sharing) {
    return VariantContainerBase::create_tuple(
        {path_value(path), Variant<ustring>::create(text(call.id)),
         Variant<Properties>::create(properties_of(call, sharing))});
}

// a(tsss): time, part, result and text of each note
using Notes = std::vector<std::tuple<guint64, ustring, ustring, ustring>>;

Notes notes_of(const why::Told& told) {
    Notes notes;
    for (std::size_t i = 0; i < told.notes.size(); ++i) {
        const auto& note = told.notes[i];
        if (told.left_out != 0 && i == why::DecisionLog::first_notes)
            notes.emplace_back(note.time, "call", "left-out",
                               std::to_string(told.left_out) + " notes are not kept");
        notes.emplace_back(note.time, text(to_word(note.part)), text(note.result), text(note.text));
    }
    return notes;
}

// Also called, for want of another word, when the bus went away.
void on_name_lost(GDBusConnection* bus, const char* name, void*) noexcept {
    if (!bus || g_dbus_connection_is_closed(bus))
        return;
    log::warning(std::string("D-Bus: the name ") + name + " belongs to another program; end that");
}

} // namespace

AgentBus::AgentBus(Glib::RefPtr<Gio::DBus::Connection> bus, AgentBusHandler& handler,
                   Sharing sharing)
    : bus_(std::move(bus)), handler_(handler), sharing_(sharing),
      agent_([this](const auto&, const auto&, const auto&, const auto&, const ustring& method,
                    const VariantContainerBase& parameters,
                    const auto& invocation) { on_call(method, parameters, invocation); },
             [this](VariantBase& value, const auto&, const auto&, const ustring& path, const auto&,
                    const ustring& name) { on_get(value, path, name); },
             [this](const auto&, const auto&, const auto&, const auto&, const ustring& name,
                    const VariantBase& value) { return on_set(name, value); }),
      properties_({}, [this](VariantBase& value, const auto&, const auto&, const ustring& path,
                             const auto&, const ustring& name) { on_get(value, path, name); }),
      manager_([this](const auto&, const auto&, const auto&, const auto&, const auto&, const auto&,
                      const auto& invocation) { on_get_managed(invocation); }),
      call_interface_(call_interface()) {
    registrations_.push_back(bus_->register_object(agent_path, agent_interface(), agent_));
    registrations_.push_back(bus_->register_object(agent_path, object_manager(), manager_));
}

AgentBus::~AgentBus() {
    remove_all();
    for (const auto registration : registrations_)
        bus_->unregister_object(registration);
    if (name_ != 0)
        g_bus_unown_name(name_);
}

void AgentBus::own_name() {
    name_ = g_bus_own_name_on_connection(bus_->gobj(), agent_name, G_BUS_NAME_OWNER_FLAGS_NONE,
                                         nullptr, on_name_lost, nullptr, nullptr);
}

void AgentBus::set_status(const AgentStatus& status) {
    const auto before = properties_of(status_);
    auto after = properties_of(status);
    std::erase_if(after,
                  [&before](const auto& one) { return before.at(one.first).equal(one.second); });
    status_ = status;
    if (!after.empty())
        emit_changes(agent_path, agent_name, after);
}

void AgentBus::added(const protocol::Call& call) {
    const auto path = call_path(call.id);
    auto& shown = shown_[path];
    shown.call = call;
    shown.registration = bus_->register_object(path, call_interface_, properties_);
    const Interfaces interfaces{{call_interface_name, properties_of(call, sharing_)}};
    emit(object_manager_name, "InterfacesAdded",
         VariantContainerBase::create_tuple(
             {path_value(path), Variant<Interfaces>::create(interfaces)}));
    emit(agent_name, "CallAdded", call_signal(path, call, sharing_));
}

void AgentBus::changed(const protocol::Call& call, const std::vector<std::string>& changes) {
    const auto path = call_path(call.id);
    const auto found = shown_.find(path);
    if (found == shown_.end())
        return;
    found->second.call = call;
    auto names = changes;
    if (!sharing_.data)
        std::erase_if(names, [](const std::string& name) {
            return name == "CallData" || name == "Variables";
        });
    if (names.empty())
        return;
    const auto all = properties_of(call, sharing_);
    Properties values;
    for (const auto& name : names)
        values[name] = all.at(name);
    emit_changes(path, call_interface_name, values);
    emit(agent_name, "CallChanged",
         VariantContainerBase::create_tuple({path_value(path),
                                             Variant<ustring>::create(text(call.id)),
                                             strings(names), Variant<Properties>::create(all)}));
}

void AgentBus::removed(const protocol::Call& call) {
    if (const auto found = shown_.find(call_path(call.id)); found != shown_.end())
        remove(found);
}

void AgentBus::remove_all() {
    while (!shown_.empty())
        remove(shown_.begin());
}

void AgentBus::remove(Shows::iterator shown) {
    const auto [path, what] = *shown;
    shown_.erase(shown);
    bus_->unregister_object(what.registration);
    emit(agent_name, "CallRemoved", call_signal(path, what.call, sharing_));
    emit(object_manager_name, "InterfacesRemoved",
         VariantContainerBase::create_tuple({path_value(path), strings({call_interface_name})}));
}

void AgentBus::emit(const char* interface, const char* signal, const VariantContainerBase& values) {
    if (!bus_->is_closed())
        bus_->emit_signal(agent_path, interface, signal, {}, values);
}

void AgentBus::emit_changes(const std::string& path, const char* interface,
                            const Properties& values) {
    if (bus_->is_closed())
        return;
    bus_->emit_signal(
        path, "org.freedesktop.DBus.Properties", "PropertiesChanged", {},
        VariantContainerBase::create_tuple({Variant<ustring>::create(interface),
                                            Variant<Properties>::create(values), strings({})}));
}

void AgentBus::on_get(VariantBase& value, const std::string& path, const ustring& name) {
    const auto shown = shown_.find(path);
    const auto all = shown != shown_.end() ? properties_of(shown->second.call, sharing_)
                                           : properties_of(status_);
    if (const auto found = all.find(name); found != all.end())
        value = found->second;
}

bool AgentBus::on_set(const ustring& name, const VariantBase& value) {
    if (name != "PopupsMuted" || !value.is_of_type(Variant<bool>::variant_type()))
        return false;
    handler_.set_popups_muted(VariantBase::cast_dynamic<Variant<bool>>(value).get());
    return true;
}

void AgentBus::on_call(const ustring& method, const VariantContainerBase& parameters,
                       const Glib::RefPtr<Gio::DBus::MethodInvocation>& invocation) {
    if (method == "Explain") {
        Variant<ustring> call;
        parameters.get_child(call, 0);
        explain(call.get().raw(), invocation);
    } else {
        invocation->return_value(
            VariantContainerBase::create_tuple(strings(handler_.explained_calls())));
    }
}

void AgentBus::explain(const std::string& call,
                       const Glib::RefPtr<Gio::DBus::MethodInvocation>& invocation) {
    const auto* told = handler_.explained(call);
    if (!told) {
        invocation->return_dbus_error(
            "org.astcti.Error.NoSuchCall",
            call.empty() ? "there was no call since the agent was started"
                         : "no such call, or it was too long ago; ExplainedCalls tells the ids");
        return;
    }
    invocation->return_value(VariantContainerBase::create_tuple(
        {Variant<ustring>::create(text(told->call)), Variant<Notes>::create(notes_of(*told))}));
}

void AgentBus::on_get_managed(const Glib::RefPtr<Gio::DBus::MethodInvocation>& invocation) {
    Objects objects;
    for (const auto& [path, shown] : shown_)
        objects[path] = {{call_interface_name, properties_of(shown.call, sharing_)}};
    invocation->return_value(VariantContainerBase::create_tuple(Variant<Objects>::create(objects)));
}

} // namespace astcti::bus
