// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "desktop-agent/launch/scopes.hpp"
#include "desktop-agent/launch/start_limit.hpp"

#include <functional>
#include <giomm/asyncresult.h>
#include <giomm/dbusconnection.h>
#include <glibmm/spawn.h>
#include <sigc++/trackable.h>
#include <string>
#include <string_view>
#include <vector>

namespace astcti::launch {

// For what something is started.
struct Cause {
    std::string call; // its id
    std::string rule; // its name
    // What lets a window come to the front, from who clicked; empty if nobody did. Wayland's, or
    // X11's start-up notification.
    std::string activation_token;
};

enum class Result { opened, started, ended, refused, failed };

// The words of D-Bus.
std::string_view to_word(Result result) noexcept;

// Starts what a rule names. What was started lives its own life: it is not waited for, is
// not ended with the agent, and its output goes nowhere.
class Launcher : public sigc::trackable {
public:
    // Told what came of it, as a sentence for a person without what the caller typed; everything
    // is logged already. A program that runs may be told of twice: started, ended.
    using OnResult =
        std::function<void(const Cause& cause, Result result, const std::string& text)>;

    // `bus`, which may be none, is where systemd is asked for a scope for each program.
    Launcher(const Glib::RefPtr<Gio::DBus::Connection>& bus, OnResult told)
        : told_(std::move(told)), scopes_(bus) {}
    Launcher(const Launcher&) = delete;
    Launcher& operator=(const Launcher&) = delete;

    // In the person's web browser, or whatever opens such links.
    void open(const Cause& cause, const std::string& url);

    // A program with its arguments, by its absolute path and without a shell.
    void run(const Cause& cause, const std::vector<std::string>& words);

    // Tells of a rule that could not be started at all.
    void refuse(const Cause& cause, const std::string& why);

private:
    bool may_start(const Cause& cause);
    void fail(const Cause& cause, Result result, const std::string& why);
    void succeed(const Cause& cause, Result result, const std::string& what);
    void on_opened(const Glib::RefPtr<Gio::AsyncResult>& result, const Cause& cause,
                   const std::string& url);
    void on_exit(Glib::Pid child, int status, const Cause& cause, const std::string& program);

    OnResult told_;
    Scopes scopes_;
    StartLimit limit_;
};

} // namespace astcti::launch
