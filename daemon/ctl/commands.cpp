// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ctl/commands.hpp"

#include "daemon/config/config.hpp"
#include "daemon/ctl/control_client.hpp"
#include "daemon/ctl/db_commands.hpp"
#include "daemon/ctl/migrate_users.hpp"
#include "daemon/ctl/open_store.hpp"
#include "daemon/ctl/password.hpp"
#include "daemon/ctl/seat_commands.hpp"
#include "daemon/ctl/user_list.hpp"

namespace astcti::ctl {
namespace {

std::unique_ptr<accounts::Store> store_of(const Options& options) {
    return open_store(config::read_config(options.config));
}

std::unique_ptr<Database> database_of(const Options& options) {
    return open_database(config::read_config(options.config));
}

PasswordSource password_of(const Options& options) {
    return [&options](const std::string& user) {
        return options.password_fd < 0 ? ask_password(user) : read_password(options.password_fd);
    };
}

} // namespace

Outcome user_add(const Options& options) {
    check(options.user);
    return {add_user(*store_of(options), options.user, password_of(options))};
}

Outcome user_list(const Options& options) {
    return {list_users(*store_of(options), options.json)};
}

Outcome user_show(const Options& options) {
    return {show_user(*store_of(options), options.user.name, options.json)};
}

Outcome user_set(const Options& options) {
    check(options.change);
    return {set_user(*store_of(options), options.user.name, options.change)};
}

Outcome user_passwd(const Options& options) {
    return {set_password(*store_of(options), options.user.name, password_of(options))};
}

Outcome user_remove(const Options& options) {
    return {remove_user(*store_of(options), options.user.name)};
}

Outcome user_migrate(const Options& options) {
    const Interrupt interrupt;
    return {migrate_users(*store_of(options), options.names, interrupt)};
}

Outcome user_device_add(const Options& options) {
    check_device("DEVICE", options.device);
    return {add_device(*store_of(options), options.user.name, options.device)};
}

Outcome user_device_remove(const Options& options) {
    return {remove_device(*store_of(options), options.user.name, options.device)};
}

Outcome seat_list(const Options& options) {
    return {list_seats(*store_of(options), options.json)};
}

Outcome seat_set(const Options& options) {
    check_seat(options.seat);
    return {set_seat(*store_of(options), options.seat)};
}

Outcome seat_remove(const Options& options) {
    return {remove_seat(*store_of(options), options.seat.host)};
}

Outcome db_status(const Options& options) {
    return show_status(*database_of(options));
}

Outcome db_migrate(const Options& options) {
    return migrate_database(*database_of(options));
}

// Reads before it opens our own: root may be who the other server lets in, and is not root any
// more afterwards.
Outcome db_import_legacy(const Options& options) {
    check(options.import);
    const auto config = config::read_config(options.config);
    const auto rows = read_legacy(options.import);
    const auto database = open_database(config);
    const bool wrap = options.import.wrap || !database->may_serve_the_original();
    const Interrupt interrupt;
    return import_legacy(*database->make_store(), rows, wrap, interrupt);
}

Outcome record_calls(const Options& options) {
    record(options.record);
    return {};
}

Outcome reload(const Options& options) {
    return {ask_daemon(options.record.control, "reload")};
}

Outcome show_tls(const Options& options) {
    return {ask_daemon(options.record.control, "tls")};
}

} // namespace astcti::ctl
