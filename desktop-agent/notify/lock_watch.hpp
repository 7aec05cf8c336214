// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <giomm/dbusconnection.h>
#include <set>
#include <sigc++/trackable.h>
#include <string>
#include <vector>

namespace astcti::notify {

// Is the screen locked? The session's screen savers and logind are asked; one that says so is
// enough, one that is not there says nothing. Nothing here blocks.
class LockWatch : public sigc::trackable {
public:
    // `changed` is called from the main loop.
    LockWatch(Glib::RefPtr<Gio::DBus::Connection> session, std::function<void()> changed);
    ~LockWatch();
    LockWatch(const LockWatch&) = delete;
    LockWatch& operator=(const LockWatch&) = delete;

    bool is_locked() const noexcept { return !locked_by_.empty(); }

private:
    void watch_saver(const std::string& name, const std::string& object);
    void on_active(const Glib::RefPtr<Gio::AsyncResult>& result, const std::string& name);
    void on_system_bus(const Glib::RefPtr<Gio::AsyncResult>& result);
    void ask_logind();
    void on_hint(const Glib::RefPtr<Gio::AsyncResult>& result);
    void set(const std::string& by, bool locked);

    Glib::RefPtr<Gio::DBus::Connection> session_;
    Glib::RefPtr<Gio::DBus::Connection> system_;
    std::function<void()> changed_;
    std::set<std::string> locked_by_;
    std::vector<unsigned int> watches_;
    std::vector<unsigned int> signals_;
    unsigned int system_signal_ = 0;
};

} // namespace astcti::notify
