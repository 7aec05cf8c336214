// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ctl/open_store.hpp"

#include "daemon/ctl/database_owner.hpp"
#include "daemon/ctl/sqlite_database.hpp"

namespace astcti::ctl {

std::unique_ptr<Database> open_database(const config::Config& config) {
    become_owner_of_directory(config.database.file);
    return std::make_unique<SqliteDatabase>(config.database.file);
}

std::unique_ptr<accounts::Store> open_store(const config::Config& config) {
    return open_database(config)->make_store();
}

} // namespace astcti::ctl
