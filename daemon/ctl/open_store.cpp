// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ctl/open_store.hpp"

#include "daemon/config/secret.hpp"
#include "daemon/ctl/database_owner.hpp"
#include "daemon/ctl/mysql_database.hpp"
#include "daemon/ctl/sqlite_database.hpp"

namespace astcti::ctl {
namespace {

// Where systemd takes them from for the daemon.
constexpr const char* credentials = "/etc/credstore";

} // namespace

std::unique_ptr<Database> open_database(const config::Config& config) {
    if (config.database.server)
        return std::make_unique<MysqlDatabase>(
            config::mysql_server(*config.database.server, credentials));
    become_owner_of_directory(config.database.file);
    return std::make_unique<SqliteDatabase>(config.database.file);
}

std::unique_ptr<accounts::Store> open_store(const config::Config& config) {
    return open_database(config)->make_store();
}

} // namespace astcti::ctl
