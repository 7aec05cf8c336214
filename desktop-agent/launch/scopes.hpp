// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <giomm/asyncresult.h>
#include <giomm/dbusconnection.h>
#include <sigc++/trackable.h>
#include <string>

namespace astcti::launch {

// Moves what was started out of the agent's unit into a scope of its own, where a systemd runs the
// session: it is not ended with the agent, its memory is not counted as the agent's, and the
// administrator can limit it. Without one it simply lives on.
class Scopes : public sigc::trackable {
public:
    // `bus` may be none.
    explicit Scopes(Glib::RefPtr<Gio::DBus::Connection> bus) : bus_(std::move(bus)) {}
    Scopes(const Scopes&) = delete;
    Scopes& operator=(const Scopes&) = delete;

    // A process that runs: `program` is its absolute path, or its .desktop file's id.
    void add(const std::string& program, int pid);

private:
    void on_answer(const Glib::RefPtr<Gio::AsyncResult>& result, const std::string& name);

    Glib::RefPtr<Gio::DBus::Connection> bus_;
};

} // namespace astcti::launch
