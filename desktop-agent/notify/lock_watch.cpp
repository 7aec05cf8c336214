// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/notify/lock_watch.hpp"

#include <giomm/dbuswatchname.h>
#include <sigc++/adaptors/bind.h>
#include <sigc++/functors/mem_fun.h>

namespace astcti::notify {
namespace {

using Glib::ustring;
using Glib::Variant;
using Glib::VariantBase;
using Glib::VariantContainerBase;

constexpr const char* logind = "org.freedesktop.login1";
// The caller's own session; the person's, for a user's service that is in none.
constexpr const char* own_session = "/org/freedesktop/login1/session/auto";
constexpr const char* session_interface = "org.freedesktop.login1.Session";

bool is_true(const VariantContainerBase& values) {
    VariantBase first;
    if (!values.gobj() || values.get_n_children() != 1)
        return false;
    values.get_child(first, 0);
    if (first.is_of_type(Variant<VariantBase>::variant_type()))
        first = VariantBase::cast_dynamic<Variant<VariantBase>>(first).get();
    return first.is_of_type(Variant<bool>::variant_type()) &&
           VariantBase::cast_dynamic<Variant<bool>>(first).get();
}

} // namespace

LockWatch::LockWatch(Glib::RefPtr<Gio::DBus::Connection> session, std::function<void()> changed)
    : session_(std::move(session)), changed_(std::move(changed)) {
    watch_saver("org.gnome.ScreenSaver", "/org/gnome/ScreenSaver");
    watch_saver("org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver");
    Gio::DBus::Connection::get(Gio::DBus::BusType::SYSTEM,
                               sigc::mem_fun(*this, &LockWatch::on_system_bus));
}

LockWatch::~LockWatch() {
    for (const auto watch : watches_)
        Gio::DBus::unwatch_name(watch);
    for (const auto signal : signals_)
        session_->signal_unsubscribe(signal);
    if (system_)
        system_->signal_unsubscribe(system_signal_);
}

void LockWatch::watch_saver(const std::string& name, const std::string& object) {
    signals_.push_back(session_->signal_subscribe(
        [this, name](const auto&, const auto&, const auto&, const auto&, const auto&,
                     const VariantContainerBase& values) { set(name, is_true(values)); },
        name, name, "ActiveChanged"));
    watches_.push_back(Gio::DBus::watch_name(
        session_, name,
        [this, name, object](const auto&, const auto&, const auto&) {
            session_->call(object, name, "GetActive", {},
                           sigc::bind(sigc::mem_fun(*this, &LockWatch::on_active), name), name, -1,
                           Gio::DBus::CallFlags::NO_AUTO_START);
        },
        [this, name](const auto&, const auto&) { set(name, false); }));
}

void LockWatch::on_active(const Glib::RefPtr<Gio::AsyncResult>& result, const std::string& name) {
    try {
        set(name, is_true(session_->call_finish(result)));
    } catch (const Glib::Error&) {
        // One that only keeps the screen awake; there are others to ask.
        set(name, false);
    }
}

void LockWatch::on_system_bus(const Glib::RefPtr<Gio::AsyncResult>& result) {
    try {
        system_ = Gio::DBus::Connection::get_finish(result);
    } catch (const Glib::Error&) {
        return; // a container without one
    }
    system_->set_exit_on_close(false);
    system_signal_ = system_->signal_subscribe(
        [this](const auto&, const auto&, const auto&, const auto&, const auto&, const auto&) {
            ask_logind();
        },
        logind, "org.freedesktop.DBus.Properties", "PropertiesChanged", {}, session_interface);
    ask_logind();
}

void LockWatch::ask_logind() {
    system_->call(own_session, "org.freedesktop.DBus.Properties", "Get",
                  VariantContainerBase::create_tuple({Variant<ustring>::create(session_interface),
                                                      Variant<ustring>::create("LockedHint")}),
                  sigc::mem_fun(*this, &LockWatch::on_hint), logind, -1,
                  Gio::DBus::CallFlags::NO_AUTO_START);
}

void LockWatch::on_hint(const Glib::RefPtr<Gio::AsyncResult>& result) {
    try {
        set(logind, is_true(system_->call_finish(result)));
    } catch (const Glib::Error&) {
        set(logind, false);
    }
}

void LockWatch::set(const std::string& by, bool locked) {
    const bool before = is_locked();
    if (locked)
        locked_by_.insert(by);
    else
        locked_by_.erase(by);
    if (before != is_locked())
        changed_();
}

} // namespace astcti::notify
