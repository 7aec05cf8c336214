// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/launch/launcher.hpp"

#include "desktop-agent/log/log.hpp"

#include <fmt/format.h>
#include <giomm/appinfo.h>
#include <glibmm/main.h>
#include <glibmm/spawn.h>
#include <sigc++/adaptors/bind.h>
#include <sigc++/functors/mem_fun.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ; // NOLINT(readability-redundant-declaration): POSIX leaves it to us

namespace astcti::launch {
namespace {

// What systemd and D-Bus told the agent about itself is not true of its children.
bool is_ours(std::string_view variable) noexcept {
    for (const std::string_view name : {"NOTIFY_SOCKET=", "INVOCATION_ID=", "JOURNAL_STREAM=",
                                        "DBUS_STARTER_", "LISTEN_", "WATCHDOG_"})
        if (variable.starts_with(name))
            return true;
    return false;
}

std::vector<std::string> environment() {
    std::vector<std::string> out;
    for (char** entry = environ; *entry; ++entry)
        if (!is_ours(*entry))
            out.emplace_back(*entry);
    return out;
}

// A terminal's Ctrl-C is for the agent, not for what it started.
void leave_session() {
    setsid();
}

void on_exit(const std::string& rule, const std::string& program, int status) {
    if (WIFSIGNALED(status))
        log::message(
            fmt::format("rule \"{}\": {} was ended by signal {}", rule, program, WTERMSIG(status)));
    else if (WEXITSTATUS(status) != 0)
        log::message(fmt::format("rule \"{}\": {} ended with status {}", rule, program,
                                 WEXITSTATUS(status)));
}

std::string without_query(const std::string& url) {
    return url.substr(0, url.find_first_of("?#"));
}

} // namespace

void Launcher::refuse(const std::string& rule, const std::string& why) {
    const auto text = fmt::format("rule \"{}\": {}", rule, why);
    log::warning(text);
    failed_(text);
}

bool Launcher::may_start(const std::string& rule) {
    if (limit_.try_start(std::chrono::steady_clock::now()))
        return true;
    refuse(rule, fmt::format("not started: {} starts in {} seconds and {} in a minute are the most",
                             StartLimit::max_burst, StartLimit::burst_time.count(),
                             StartLimit::max_per_minute));
    return false;
}

void Launcher::open(const std::string& rule, const std::string& url) {
    if (!may_start(rule))
        return;
    log::debug(fmt::format("rule \"{}\": opening {}", rule, url));
    Gio::AppInfo::launch_default_for_uri_async(
        url, sigc::bind(sigc::mem_fun(*this, &Launcher::on_opened), rule, url));
}

void Launcher::on_opened(const Glib::RefPtr<Gio::AsyncResult>& result, const std::string& rule,
                         const std::string& url) {
    const auto shown = log::shows_debug() ? url : without_query(url);
    try {
        Gio::AppInfo::launch_default_for_uri_finish(result);
        log::message(fmt::format("rule \"{}\": opened {}", rule, shown));
    } catch (const Glib::Error& error) {
        refuse(rule, fmt::format("cannot open {}: {}; choose a default web browser in the settings "
                                 "of the desktop",
                                 shown, error.what()));
    }
}

void Launcher::run(const std::string& rule, const std::vector<std::string>& words) {
    if (!may_start(rule))
        return;
    const auto& program = words.front();
    try {
        Glib::Pid child{};
        Glib::spawn_async("", words, environment(),
                          Glib::SpawnFlags::DO_NOT_REAP_CHILD |
                              Glib::SpawnFlags::STDOUT_TO_DEV_NULL |
                              Glib::SpawnFlags::STDERR_TO_DEV_NULL,
                          sigc::ptr_fun(&leave_session), &child);
        Glib::signal_child_watch().connect(
            [rule, program](Glib::Pid, int status) { on_exit(rule, program, status); }, child);
        log::message(fmt::format("rule \"{}\": started {}", rule, program));
    } catch (const Glib::Error& error) {
        refuse(rule, fmt::format("cannot start {}: {}; mend the program of the rule", program,
                                 error.what()));
    }
}

} // namespace astcti::launch
