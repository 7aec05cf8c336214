// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/bus/monitor.hpp"

#include "desktop-agent/bus/agent_bus.hpp"
#include "desktop-agent/bus/json_line.hpp"
#include "desktop-agent/bus/monitor_line.hpp"
#include "desktop-agent/bus/object_path.hpp"
#include "desktop-agent/log/log.hpp"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <giomm/dbuswatchname.h>
#include <giomm/init.h>
#include <glib-unix.h>
#include <glibmm/main.h>
#include <sigc++/functors/mem_fun.h>
#include <sysexits.h>

namespace astcti::bus {
namespace {

using Glib::ustring;
using Glib::VariantBase;
using Glib::VariantContainerBase;

int end_loop(void* loop) noexcept {
    static_cast<Glib::MainLoop*>(loop)->quit();
    return G_SOURCE_CONTINUE;
}

void print(const std::string& text) {
    const auto line = text + "\n";
    std::fwrite(line.data(), 1, line.size(), stdout);
    if (std::fflush(stdout) != 0)
        std::exit(EX_IOERR); // nobody reads any more
}

// Signals are printed only once the calls that were there are: a signal that came before
// that answer is in it.
class Monitor : public sigc::trackable {
public:
    Monitor(Glib::RefPtr<Gio::DBus::Connection> bus, bool json)
        : bus_(std::move(bus)), json_(json) {
        bus_->signal_subscribe(
            [this](const auto&, const auto&, const auto&, const auto&, const ustring& name,
                   const VariantContainerBase& values) { on_signal(name, values); },
            agent_name, agent_name, {}, agent_path);
        Gio::DBus::watch_name(
            bus_, agent_name, [this](const auto&, const auto&, const auto&) { appeared(); },
            [this](const auto&, const auto&) { vanished(); });
    }

private:
    void appeared() {
        bus_->call(agent_path, "org.freedesktop.DBus.ObjectManager", "GetManagedObjects", {},
                   sigc::mem_fun(*this, &Monitor::on_objects), agent_name);
    }

    void vanished() {
        is_current_ = false;
        log::message("astcti-agent is not running; waiting for it");
    }

    void on_objects(const Glib::RefPtr<Gio::AsyncResult>& result) {
        using Objects = std::map<Glib::DBusObjectPathString, std::map<ustring, Properties>>;
        try {
            const auto answer = bus_->call_finish(result);
            const auto objects =
                VariantBase::cast_dynamic<Glib::Variant<std::tuple<Objects>>>(answer).get();
            for (const auto& [path, interfaces] : std::get<0>(objects))
                for (const auto& [interface, call] : interfaces)
                    print(json_ ? json_line("present", {}, call) : monitor_line(call));
            is_current_ = true;
        } catch (const Glib::Error& error) {
            log::warning(std::string("astcti-agent does not tell its calls: ") + error.what());
        } catch (const std::bad_cast&) {
            log::warning("astcti-agent is of a version that this one does not understand");
        }
    }

    void on_signal(const ustring& name, const VariantContainerBase& values) {
        static const std::map<ustring, const char*> events{
            {"CallAdded", "added"}, {"CallChanged", "changed"}, {"CallRemoved", "removed"}};
        const auto event = events.find(name);
        if (!is_current_ || event == events.end())
            return;
        const auto last = values.get_n_children() - 1;
        VariantBase properties;
        values.get_child(properties, last);
        if (!properties.is_of_type(Glib::Variant<Properties>::variant_type()))
            return;
        const auto call = VariantBase::cast_dynamic<Glib::Variant<Properties>>(properties).get();
        if (json_)
            print(json_line(event->second, names_of(values), call));
        else if (name != "CallRemoved") // it ended half a minute ago, and was told then
            print(monitor_line(call));
    }

    // The names of what changed, which CallChanged has before the properties.
    static std::vector<ustring> names_of(const VariantContainerBase& values) {
        using Names = Glib::Variant<std::vector<ustring>>;
        if (values.get_n_children() != 4)
            return {};
        VariantBase names;
        values.get_child(names, 2);
        if (!names.is_of_type(Names::variant_type()))
            return {};
        return VariantBase::cast_dynamic<Names>(names).get();
    }

    Glib::RefPtr<Gio::DBus::Connection> bus_;
    bool json_;
    bool is_current_ = false;
};

} // namespace

int monitor(bool json) {
    Gio::init();
    const auto loop = Glib::MainLoop::create();
    const Monitor monitor(Gio::DBus::Connection::get_sync(Gio::DBus::BusType::SESSION), json);
    g_unix_signal_add(SIGINT, end_loop, loop.get());
    g_unix_signal_add(SIGTERM, end_loop, loop.get());
    loop->run();
    return EX_OK;
}

} // namespace astcti::bus
