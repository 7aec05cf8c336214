// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "daemon/base/log.hpp"
#include "daemon/base/memory.hpp"
#include "daemon/config/config.hpp"
#include "daemon/daemon.hpp"
#include "daemon/desktop_rules.hpp"
#include "daemon/replay_command.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <sys/resource.h>
#include <sysexits.h>
#include <system_error>

namespace {

using astcti::base::LogLevel;

LogLevel log_level(astcti::config::LogLevel level) {
    switch (level) {
    case astcti::config::LogLevel::error:
        return LogLevel::error;
    case astcti::config::LogLevel::warning:
        return LogLevel::warning;
    case astcti::config::LogLevel::notice:
        return LogLevel::notice;
    case astcti::config::LogLevel::info:
        return LogLevel::info;
    case astcti::config::LogLevel::debug:
        return LogLevel::debug;
    }
    return LogLevel::info;
}

std::string default_credentials_dir() {
    const char* directory = std::getenv("CREDENTIALS_DIRECTORY");
    return directory ? directory : "";
}

// Only systemd gives us a directory for what is there as long as we are.
std::string default_control() {
    const char* directory = std::getenv("RUNTIME_DIRECTORY");
    return directory ? std::string(directory) + "/control" : "";
}

// Only systemd gives us one; without it what is to be kept is not.
std::string default_state_dir() {
    const char* directory = std::getenv("STATE_DIRECTORY");
    const std::string all = directory ? directory : "";
    return all.substr(0, all.find(':'));
}

// A shell's limit is 1024 descriptors, and each client needs one.
void raise_descriptor_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

int run(int argc, char* argv[]) {
    std::string file = ASTCTI_SYSCONFDIR "/astcti/astcti.xml";
    std::string level;
    auto credentials_dir = default_credentials_dir();
    auto control = default_control();
    auto state_dir = default_state_dir();
    bool only_check = false;

    CLI::App app("Tells people who is calling: the CTI daemon for Asterisk.", "astctid");
    app.footer("Usually started by systemd: systemctl start astcti; see astctid(8).");
    app.add_option("--config", file, "Configuration file")
        ->type_name("FILE")
        ->capture_default_str();
    app.add_flag("--check-config", only_check,
                 "Check the configuration and exit (78 if it is wrong)");
    app.add_option("--credentials-dir", credentials_dir,
                   "Where secrets are read from (default: $CREDENTIALS_DIRECTORY)")
        ->type_name("DIR");
    app.add_option("--control", control,
                   "Socket for astctictl (default: $RUNTIME_DIRECTORY/control)")
        ->type_name("PATH");
    app.add_option("--state-dir", state_dir, "Where keys are kept (default: $STATE_DIRECTORY)")
        ->type_name("DIR");
    app.add_option("--log-level", level, "error, warning, notice, info or debug")
        ->type_name("LEVEL")
        ->check(CLI::IsMember({"error", "warning", "notice", "info", "debug"}).description(""));
    astcti::ReplayCommand replay;
    auto* file_option = app.add_option("--replay", replay.file,
                                       "Tell what a recording (\"-\": standard input) told")
                            ->type_name("FILE");
    const auto add = [&](const char* name, auto& value, const char* text, const char* type) {
        app.add_option(name, value, text)->type_name(type)->needs(file_option);
    };
    add("--account", replay.accounts, "Whom; the devices of the account, unless given",
        "NAME[=DEVICE,...]");
    add("--variable", replay.options.variables, "A variable to keep besides calldata", "NAME");
    add("--pbx", replay.options.pbx, "What the PBX is called in ids (default: pbx1)", "NAME");
    const auto add_flag = [&](const char* name, bool& value, const char* text) {
        app.add_flag(name, value, text)->needs(file_option);
    };
    add_flag("--ids", replay.options.with_ids, "With the ids of calls");
    add_flag("--least-rights", replay.options.least_rights,
             "As a manager user with read=call,agent,user is told");
    app.set_version_flag("--version", "astctid " ASTCTI_VERSION);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? EX_OK : EX_USAGE;
    }

    if (!replay.file.empty() && replay.accounts.empty()) {
        std::fputs("astctid: --replay needs --account NAME: whose calls?\n", stderr);
        return EX_USAGE;
    }
    if (!replay.file.empty()) {
        replay.config_file = file;
        return astcti::replay(replay);
    }
    try {
        auto config = astcti::config::read_config(file);
        if (!level.empty())
            config.logging.level = *astcti::config::read_log_level(level);
        astcti::base::set_log_level(log_level(config.logging.level));
        for (const auto& warning : config.warnings)
            astcti::base::log(LogLevel::warning, "{}", astcti::config::to_text(warning));
        if (only_check) {
            if (!config.ctiserver.rules_file.empty())
                astcti::read_rules_for_desktops(config.ctiserver.rules_file);
            std::printf("%s: good, %zu manager(s)\n", file.c_str(), config.managers.size());
            return EX_OK;
        }
        raise_descriptor_limit();
        return astcti::Daemon(std::move(config), {credentials_dir, control, state_dir}).run();
    } catch (const astcti::config::ConfigError& error) {
        for (const auto& fault : error.faults())
            astcti::base::log(LogLevel::error, "{}", astcti::config::to_text(fault));
        return EX_CONFIG;
    } catch (const std::system_error& error) {
        astcti::base::log(LogLevel::error, "cannot start: {}", error.what());
        return EX_OSERR;
    }
}

} // namespace

int main(int argc, char* argv[]) {
    astcti::base::keep_memory();
    try {
        return run(argc, argv);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "astctid: %s\n", error.what());
        return EX_SOFTWARE;
    }
}
