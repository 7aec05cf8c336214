// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/launch/scopes.hpp"

#include "desktop-agent/launch/scope_name.hpp"
#include "desktop-agent/log/log.hpp"

#include <cstdint>
#include <sigc++/adaptors/bind.h>
#include <sigc++/functors/mem_fun.h>
#include <tuple>
#include <vector>

namespace astcti::launch {
namespace {

using Glib::ustring;
using Glib::Variant;
using Glib::VariantBase;
using Property = std::tuple<ustring, VariantBase>;
using Auxiliary = std::tuple<ustring, std::vector<Property>>;

// Arguments of org.freedesktop.systemd1.Manager.StartTransientUnit.
Glib::VariantContainerBase scope_parameters(const std::string& name, const std::string& program,
                                            int pid) {
    const auto pids = std::vector<std::uint32_t>{static_cast<std::uint32_t>(pid)};
    const std::vector<Property> properties{
        {"PIDs", Variant<std::vector<std::uint32_t>>::create(pids)},
        {"Slice", Variant<ustring>::create("app.slice")},
        {"Description", Variant<ustring>::create(program + ", started by AstCTI")},
        // Nobody would clean up after one that failed.
        {"CollectMode", Variant<ustring>::create("inactive-or-failed")},
    };
    return Glib::VariantContainerBase::create_tuple({
        Variant<ustring>::create(name),
        Variant<ustring>::create("fail"),
        Variant<std::vector<Property>>::create(properties),
        Variant<std::vector<Auxiliary>>::create({}),
    });
}

} // namespace

void Scopes::add(const std::string& program, int pid) {
    if (!bus_)
        return;
    const auto name = scope_name(program, pid);
    bus_->call("/org/freedesktop/systemd1", "org.freedesktop.systemd1.Manager",
               "StartTransientUnit", scope_parameters(name, program, pid),
               sigc::bind(sigc::mem_fun(*this, &Scopes::on_answer), name),
               "org.freedesktop.systemd1", -1, Gio::DBus::CallFlags::NO_AUTO_START);
}

// No systemd in the session, or the program has ended already: nothing is lost.
void Scopes::on_answer(const Glib::RefPtr<Gio::AsyncResult>& result, const std::string& name) {
    try {
        bus_->call_finish(result);
        log::debug(name);
    } catch (const Glib::Error& error) {
        log::debug("no " + name + ": " + error.what());
    }
}

} // namespace astcti::launch
