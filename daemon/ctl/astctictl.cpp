// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ctl/astctictl.hpp"

#include "config.h"
#include "daemon/accounts/sqlite_store.hpp"
#include "daemon/config/config.hpp"
#include "daemon/ctl/database_owner.hpp"
#include "daemon/ctl/password.hpp"
#include "daemon/ctl/record.hpp"
#include "daemon/ctl/user_commands.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <sysexits.h>
#include <unistd.h>

namespace astcti::ctl {
namespace {

// One text for --help anywhere: there is little to say, and it fits a screen.
constexpr const char* help =
    R"(Manages the accounts of AstCTI, and records what Asterisk tells it.

Usage: astctictl [--config FILE] user add NAME --ext DEVICE [options]
       astctictl [--config FILE] user list
       astctictl [--config FILE] user passwd NAME [--password-fd N]
       astctictl [--config FILE] user remove NAME
       astctictl [--config FILE] user device add|remove NAME DEVICE
       astctictl record [--pbx NAME] [--output FILE] [--plain]

  --config FILE     what astctid reads ()" ASTCTI_SYSCONFDIR R"(/astcti/astcti.xml)
  --ext DEVICE      the person's telephone, as Asterisk calls it
  --device DEVICE   a further one of the person's; may be repeated
  --host ADDRESS    from where the person logs in: address, network; or anywhere
  --native-only     not for clients of the original AstCTI: its secret is safer
  --password-fd N   read one line from this descriptor; else you are asked twice
  --pbx NAME        whose last minutes to record, if there are several
  --output FILE     a new file; else standard output, unless it is a terminal
  --plain           do not replace the numbers and names of callers
  --control PATH    the socket of astctid (/run/astcti/control)
  --help, --version

Examples:
  astctictl user add anna --ext PJSIP/201 --host 192.168.20.0/24
  astctictl record --output case-17.txt
)";

struct Options {
    std::string config = ASTCTI_SYSCONFDIR "/astcti/astcti.xml";
    NewUser user;
    std::string device;
    int password_fd = -1;
    RecordOptions record;
};

enum class Command { add, list, passwd, remove, add_device, remove_device, record };

// Throws CLI::ParseError, also for --help and --version.
Command parse(int argc, const char* const* argv, Options& options) {
    CLI::App app("", "astctictl");
    app.formatter_fn([](const CLI::App*, const std::string&, CLI::AppFormatMode) { return help; });
    app.set_version_flag("--version", "astctictl " ASTCTI_VERSION);
    app.set_help_flag("--help");
    app.require_subcommand(1);
    app.add_option("--config", options.config);
    auto* const user = app.add_subcommand("user");
    user->require_subcommand(1);
    auto* const add = user->add_subcommand("add");
    auto* const list = user->add_subcommand("list");
    auto* const passwd = user->add_subcommand("passwd");
    auto* const remove = user->add_subcommand("remove");
    auto* const device = user->add_subcommand("device");
    device->require_subcommand(1);
    auto* const add_device = device->add_subcommand("add");
    auto* const remove_device = device->add_subcommand("remove");
    for (auto* const command : {add, passwd, remove, add_device, remove_device})
        command->add_option("NAME", options.user.name)->required();
    for (auto* const command : {add_device, remove_device})
        command->add_option("DEVICE", options.device)->required();
    for (auto* const command : {add, passwd})
        command->add_option("--password-fd", options.password_fd)->check(CLI::Range(0, 1 << 20));
    add->add_option("--ext", options.user.extension)->required();
    add->add_option("--device", options.user.devices)->allow_extra_args(false);
    add->add_option("--host", options.user.host);
    add->add_flag("--native-only", options.user.native_only);
    auto* const record = app.add_subcommand("record");
    record->add_option("--pbx", options.record.pbx);
    record->add_option("--output", options.record.output);
    record->add_flag("--plain", options.record.plain);
    record->add_option("--control", options.record.control);

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0)
            app.exit(error);
        throw;
    }
    if (record->parsed())
        return Command::record;
    if (add->parsed())
        return Command::add;
    if (add_device->parsed())
        return Command::add_device;
    if (remove_device->parsed())
        return Command::remove_device;
    if (list->parsed())
        return Command::list;
    return passwd->parsed() ? Command::passwd : Command::remove;
}

std::string execute(Command command, const Options& options) {
    if (command == Command::record) {
        record(options.record);
        return {};
    }
    if (command == Command::add)
        check(options.user);
    if (command == Command::add_device)
        check_device("DEVICE", options.device);
    const auto config = config::read_config(options.config);
    become_owner_of_directory(config.database.file);
    accounts::SqliteStore store(config.database.file);
    const auto password = [&](const std::string& user) {
        return options.password_fd < 0 ? ask_password(user) : read_password(options.password_fd);
    };

    switch (command) {
    case Command::add:
        return add_user(store, options.user, password);
    case Command::list:
        return list_users(store);
    case Command::passwd:
        return set_password(store, options.user.name, password);
    case Command::add_device:
        return add_device(store, options.user.name, options.device);
    case Command::remove_device:
        return remove_device(store, options.user.name, options.device);
    case Command::remove:
    case Command::record:
        break;
    }
    return remove_user(store, options.user.name);
}

int fail(const char* why, int code, const char* hint = "") {
    std::fprintf(stderr, "astctictl: %s%s\n", why, hint);
    return code;
}

} // namespace

int run(int argc, const char* const* argv) {
    const bool root = ::geteuid() == 0;
    try {
        Options options;
        const auto command = parse(argc, argv, options);
        const auto text = execute(command, options);
        if (std::fputs(text.c_str(), stdout) < 0 || std::fflush(stdout) != 0)
            return fail("the output cannot be written", EXIT_FAILURE);
        return EXIT_SUCCESS;
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0)
            return EXIT_SUCCESS;
        return fail(error.what(), EX_USAGE, "; see astctictl --help");
    } catch (const UsageError& error) {
        return fail(error.what(), EX_USAGE);
    } catch (const config::ConfigError& error) {
        return fail(error.what(), EX_CONFIG);
    } catch (const accounts::StoreError& error) {
        return fail(error.what(), EXIT_FAILURE, root ? "" : "; only root may manage accounts");
    } catch (const std::exception& error) {
        return fail(error.what(), EXIT_FAILURE);
    }
}

} // namespace astcti::ctl
