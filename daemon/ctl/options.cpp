// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ctl/options.hpp"

#include "config.h"
#include "daemon/ctl/commands.hpp"
#include "daemon/ctl/help.hpp"

#include <CLI/CLI.hpp>
#include <optional>
#include <tuple>

namespace astcti::ctl {
namespace {

// A group of commands, or one that stands alone; they have the help of their group.
CLI::App* add_group(CLI::App& parent, const char* name, const char* help) {
    auto* const group = parent.add_subcommand(name);
    group->formatter_fn(
        [help](const CLI::App*, const std::string&, CLI::AppFormatMode) { return help; });
    return group;
}

class Parser {
public:
    explicit Parser(Options& options) : options_(options) {}

    void add_users(CLI::App& app) {
        auto& user = *add_group(app, "user", help_of_user);
        user.require_subcommand(1);
        add_user(user);
        add_user_set(user);
        json(command(user, "list", user_list));
        json(named(command(user, "show", user_show)));
        password(named(command(user, "passwd", user_passwd)));
        named(command(user, "remove", user_remove));
        command(user, "migrate", user_migrate)->add_option("NAME", options_.names);
        auto& device = *user.add_subcommand("device");
        device.require_subcommand(1);
        for (auto* const one : {named(command(device, "add", user_device_add)),
                                named(command(device, "remove", user_device_remove))})
            one->add_option("DEVICE", options_.device)->required();
    }

    void add_seats(CLI::App& app) {
        auto& seat = *add_group(app, "seat", help_of_seat);
        seat.require_subcommand(1);
        json(command(seat, "list", seat_list));
        auto* const set = command(seat, "set", seat_set);
        for (auto* const one : {set, command(seat, "remove", seat_remove)})
            one->add_option("HOST", options_.seat.host)->required();
        set->add_option("DEVICE", options_.seat.extension)->required();
    }

    void add_database(CLI::App& app) {
        auto& db = *add_group(app, "db", help_of_db);
        db.require_subcommand(1);
        command(db, "status", db_status);
        command(db, "migrate", db_migrate);
        auto& import = *command(db, "import-legacy", db_import_legacy);
        auto& from = options_.import.from;
        auto* const host = import.add_option("--from-host", from.host);
        auto* const port = import.add_option("--from-port", from.port)->check(CLI::Range(1, 65535));
        import.add_option("--from-socket", from.socket)->excludes(host, port);
        import.add_option("--from-database", from.database)->required();
        import.add_option("--from-user", from.user)->required();
        auto* const ca = import.add_option("--from-ca", from.ca_file);
        import.add_flag("--from-insecure", options_.import.insecure)->excludes(ca);
        descriptor(import, "--from-password-fd", options_.import.password_fd);
        import.add_flag("--wrap", options_.import.wrap);
    }

    void add_record(CLI::App& app) {
        auto& record = *add_group(app, "record", help_of_record);
        record.callback([this] { options_.command = record_calls; });
        record.add_option("--pbx", options_.record.pbx);
        record.add_option("--output", options_.record.output);
        record.add_flag("--plain", options_.record.plain);
        record.add_option("--control", options_.record.control);
    }

    // What the running daemon is asked.
    void add_daemon(CLI::App& app) {
        for (const auto& [name, help, run] :
             {std::tuple{"reload", help_of_reload, &reload}, {"tls", help_of_tls, &show_tls}}) {
            auto* const group = add_group(app, name, help);
            group->callback([this, run = run] { options_.command = run; });
            group->add_option("--control", options_.record.control);
        }
    }

private:
    CLI::App* command(CLI::App& group, const char* name, Command run) {
        auto* const added = group.add_subcommand(name);
        added->callback([this, run] { options_.command = run; });
        return added;
    }

    CLI::App* named(CLI::App* command) {
        command->add_option("NAME", options_.user.name)->required();
        return command;
    }

    void json(CLI::App* command) { command->add_flag("--json", options_.json); }

    static void descriptor(CLI::App& command, const char* name, int& number) {
        constexpr int no_process_has_more = 1 << 20;
        command.add_option(name, number)->check(CLI::Range(0, no_process_has_more));
    }

    void password(CLI::App* command) {
        descriptor(*command, "--password-fd", options_.password_fd);
    }

    void add_user(CLI::App& user) {
        auto* const add = named(command(user, "add", ctl::user_add));
        password(add);
        add->add_option("--ext", options_.user.extension);
        add->add_option("--device", options_.user.devices)->allow_extra_args(false);
        add->add_option("--dial", options_.user.dial);
        add->add_option("--host", options_.user.host);
        add->add_flag("--native-only", options_.user.native_only);
    }

    // Not into an optional: an empty word is a value here.
    void add_user_set(CLI::App& user) {
        auto* const set = named(command(user, "set", user_set));
        const auto option = [set](const char* name, std::optional<std::string>& value) {
            set->add_option_function<std::string>(
                name, [&value](const std::string& text) { value = text; });
        };
        option("--ext", options_.change.extension);
        option("--host", options_.change.host);
        option("--dial", options_.change.dial);
    }

    Options& options_;
};

} // namespace

Options read_options(int argc, const char* const* argv) {
    Options options;
    options.config = ASTCTI_SYSCONFDIR "/astcti/astcti.xml";
    CLI::App app("", "astctictl");
    app.formatter_fn(
        [](const CLI::App*, const std::string&, CLI::AppFormatMode) { return help_of_all; });
    app.set_version_flag("--version", "astctictl " ASTCTI_VERSION);
    app.set_help_flag("--help");
    app.require_subcommand(1);
    app.add_option("--config", options.config);
    Parser parser(options);
    parser.add_users(app);
    parser.add_seats(app);
    parser.add_database(app);
    parser.add_record(app);
    parser.add_daemon(app);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0)
            app.exit(error);
        throw;
    }
    return options;
}

} // namespace astcti::ctl
