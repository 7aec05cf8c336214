// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "desktop-agent/application.hpp"
#include "desktop-agent/bus/explain.hpp"
#include "desktop-agent/bus/monitor.hpp"
#include "desktop-agent/bus/quit.hpp"
#include "desktop-agent/bus/start.hpp"
#include "desktop-agent/log/log.hpp"
#include "desktop-agent/options.hpp"
#include "desktop-agent/settings.hpp"

#include <clocale>
#include <cstdio>
#include <exception>
#include <giomm/init.h>
#include <glibmm/error.h>
#include <malloc.h>
#include <sysexits.h>

namespace {

// D-Bus messages are made by one thread and freed by another. A heap for each of them would keep
// what the other has left free.
void share_one_heap() {
#ifdef __GLIBC__
    mallopt(M_ARENA_MAX, 1);
#endif
}

int run(const astcti::Options& options) {
    Gio::init();
    astcti::Application application(astcti::load_settings(options), options.service);
    application.register_application();
    if (application.is_remote()) {
        astcti::log::message("astcti-agent is running already; this start changes nothing");
        return EX_OK;
    }
    const int status = application.run(0, nullptr);
    return application.status() != 0 ? application.status() : status;
}

int ask_and_keep(const astcti::Options& options) {
    Gio::init();
    astcti::keep_password(options);
    astcti::log::message(
        "the keyring has the password; a running agent takes it within ten minutes, "
        "or when it is started anew");
    return EX_OK;
}

int run_as_asked(const astcti::Options& options) {
    if (options.monitor)
        return astcti::bus::monitor(options.json);
    if (options.explain)
        return astcti::bus::explain(options.explained);
    if (options.autostart)
        return astcti::bus::start();
    if (options.quit)
        return astcti::bus::quit();
    if (options.keep_password)
        return ask_and_keep(options);
    return run(options);
}

} // namespace

int main(int argc, char* argv[]) {
    share_one_heap();
    std::setlocale(LC_ALL, "");
    astcti::Options options;
    try {
        options = astcti::read_options(argc, argv);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "astcti-agent: %s; see astcti-agent --help\n", error.what());
        return EX_USAGE;
    }
    if (options.version) {
        std::puts("astcti-agent " ASTCTI_VERSION);
        return EX_OK;
    }
    astcti::log::install(options.debug);
    try {
        return run_as_asked(options);
    } catch (const astcti::ConfigurationError& error) {
        astcti::log::warning(error.what());
        return EX_CONFIG;
    } catch (const std::exception& error) {
        astcti::log::warning(error.what());
        return EX_UNAVAILABLE;
    }
}
