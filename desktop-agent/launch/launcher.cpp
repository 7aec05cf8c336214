// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/launch/launcher.hpp"

#include "desktop-agent/log/log.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <fmt/format.h>
#include <giomm/appinfo.h>
#include <giomm/applaunchcontext.h>
#include <glibmm/main.h>
#include <glibmm/spawn.h>
#include <sigc++/adaptors/bind.h>
#include <sigc++/functors/mem_fun.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ; // NOLINT(readability-redundant-declaration): POSIX leaves it to us

namespace astcti::launch {
namespace {

// What systemd, D-Bus and its unit told the agent about itself is not true of its children.
bool is_ours(std::string_view variable) noexcept {
    for (const std::string_view name : {"NOTIFY_SOCKET=", "INVOCATION_ID=", "JOURNAL_STREAM=",
                                        "DBUS_STARTER_", "LISTEN_", "WATCHDOG_", "G_SLICE="})
        if (variable.starts_with(name))
            return true;
    return false;
}

constexpr std::array<const char*, 2> token_variables{"XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID"};

bool is_token(std::string_view variable) noexcept {
    return std::ranges::any_of(token_variables, [variable](std::string_view name) {
        return variable.starts_with(name) && variable.substr(name.size()).starts_with('=');
    });
}

std::vector<std::string> environment(const std::string& token) {
    std::vector<std::string> out;
    for (char** entry = environ; *entry; ++entry)
        if (!is_ours(*entry) && !is_token(*entry))
            out.emplace_back(*entry);
    if (!token.empty())
        for (const auto* name : token_variables)
            out.push_back(fmt::format("{}={}", name, token));
    return out;
}

// GIO's signal, which giomm 2.74 does not have. There is no process where D-Bus started the
// application.
void on_launched(GAppLaunchContext*, GAppInfo* application, GVariant* data,
                 gpointer scopes) noexcept {
    gint32 pid = 0;
    const char* id = g_app_info_get_id(application);
    if (id && g_variant_lookup(data, "pid", "i", &pid))
        static_cast<Scopes*>(scopes)->add(id, pid);
}

// What environment() does, for who is started by GIO.
Glib::RefPtr<Gio::AppLaunchContext> context(const std::string& token, Scopes& scopes) {
    auto context = Gio::AppLaunchContext::create();
    for (char** entry = environ; *entry; ++entry)
        if (is_ours(*entry))
            context->unsetenv(std::string(*entry, std::strcspn(*entry, "=")));
    for (const auto* name : token_variables) {
        if (token.empty())
            context->unsetenv(name);
        else
            context->setenv(name, token);
    }
    g_signal_connect(context->gobj(), "launched", G_CALLBACK(on_launched), &scopes);
    return context;
}

// A terminal's Ctrl-C is for the agent, not for what it started.
void leave_session() {
    setsid();
}

std::string without_query(const std::string& url) {
    return url.substr(0, url.find_first_of("?#"));
}

} // namespace

std::string_view to_word(Result result) noexcept {
    switch (result) {
    case Result::opened:
        return "opened";
    case Result::started:
        return "started";
    case Result::ended:
        return "ended";
    case Result::refused:
        return "refused";
    case Result::failed:
        break;
    }
    return "failed";
}

void Launcher::refuse(const Cause& cause, const std::string& why) {
    fail(cause, Result::refused, why);
}

void Launcher::fail(const Cause& cause, Result result, const std::string& why) {
    const auto text = fmt::format("rule \"{}\": {}", cause.rule, why);
    log::warning(text);
    told_(cause, result, text);
}

void Launcher::succeed(const Cause& cause, Result result, const std::string& what) {
    const auto text = fmt::format("rule \"{}\": {}", cause.rule, what);
    log::message(text);
    told_(cause, result, text);
}

bool Launcher::may_start(const Cause& cause) {
    if (limit_.try_start(std::chrono::steady_clock::now()))
        return true;
    refuse(cause,
           fmt::format("not started: {} starts in {} seconds and {} in a minute are the most",
                       StartLimit::max_burst, StartLimit::burst_time.count(),
                       StartLimit::max_per_minute));
    return false;
}

void Launcher::open(const Cause& cause, const std::string& url) {
    if (!may_start(cause))
        return;
    log::debug(fmt::format("rule \"{}\": opening {}", cause.rule, url));
    Gio::AppInfo::launch_default_for_uri_async(
        url, context(cause.activation_token, scopes_),
        sigc::bind(sigc::mem_fun(*this, &Launcher::on_opened), cause, url));
}

void Launcher::on_opened(const Glib::RefPtr<Gio::AsyncResult>& result, const Cause& cause,
                         const std::string& url) {
    try {
        Gio::AppInfo::launch_default_for_uri_finish(result);
        // In the log a person asked for everything; elsewhere there is nothing of the caller's.
        succeed(cause, Result::opened, "opened " + without_query(url));
    } catch (const Glib::Error& error) {
        fail(cause, Result::failed,
             fmt::format("cannot open {}: {}; choose a default web browser in the settings "
                         "of the desktop",
                         without_query(url), error.what()));
    }
}

void Launcher::run(const Cause& cause, const std::vector<std::string>& words) {
    if (!may_start(cause))
        return;
    const auto& program = words.front();
    try {
        Glib::Pid child{};
        Glib::spawn_async("", words, environment(cause.activation_token),
                          Glib::SpawnFlags::DO_NOT_REAP_CHILD |
                              Glib::SpawnFlags::STDOUT_TO_DEV_NULL |
                              Glib::SpawnFlags::STDERR_TO_DEV_NULL,
                          sigc::ptr_fun(&leave_session), &child);
        Glib::signal_child_watch().connect(
            sigc::bind(sigc::mem_fun(*this, &Launcher::on_exit), cause, program), child);
        scopes_.add(program, child);
        succeed(cause, Result::started, "started " + program);
    } catch (const Glib::Error& error) {
        fail(cause, Result::failed,
             fmt::format("cannot start {}: {}; mend the program of the rule", program,
                         error.what()));
    }
}

void Launcher::on_exit(Glib::Pid, int status, const Cause& cause, const std::string& program) {
    const auto what = WIFSIGNALED(status)
                          ? fmt::format("{} was ended by signal {}", program, WTERMSIG(status))
                          : fmt::format("{} ended with status {}", program, WEXITSTATUS(status));
    if (status != 0)
        log::message(fmt::format("rule \"{}\": {}", cause.rule, what));
    told_(cause, Result::ended, fmt::format("rule \"{}\": {}", cause.rule, what));
}

} // namespace astcti::launch
