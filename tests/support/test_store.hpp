// SPDX-License-Identifier: GPL-3.0-or-later
// An empty store of accounts for a test: a new SQLite file, or the database of a real server that
// ASTCTI_TEST_MYSQL names ("socket=/run/x.sock;user=root;password=;database=test", also host= and
// port=), whose tables it drops.
#pragma once

#include "daemon/accounts/mysql_store.hpp"
#include "daemon/accounts/sqlite.hpp"
#include "daemon/accounts/sqlite_store.hpp"
#include "tests/support/temp_dir.hpp"

#include <cstdlib>
#include <memory>
#include <sstream>
#include <string>

namespace astcti::test {

inline bool on_mysql() {
    return std::getenv("ASTCTI_TEST_MYSQL") != nullptr;
}

inline accounts::MysqlServer mysql_server() {
    accounts::MysqlServer server;
    std::istringstream settings(std::getenv("ASTCTI_TEST_MYSQL"));
    for (std::string setting; std::getline(settings, setting, ';');) {
        const auto equals = setting.find('=');
        const auto name = setting.substr(0, equals);
        const auto value = setting.substr(equals + 1);
        if (name == "host")
            server.host = value;
        else if (name == "port")
            server.port = static_cast<std::uint16_t>(std::stoi(value));
        else if (name == "socket")
            server.socket = value;
        else if (name == "user")
            server.user = value;
        else if (name == "password")
            server.password = value;
        else if (name == "database")
            server.database = value;
    }
    return server;
}

class TestStore {
public:
    TestStore() {
        if (!on_mysql())
            return;
        connection().run_script("DROP TABLE IF EXISTS cti, cti_device, cti_seat, cti_schema");
        accounts::MysqlStore(mysql_server()).migrate();
    }

    // One more object on the same database.
    std::unique_ptr<accounts::Store> another() const {
        if (on_mysql())
            return std::make_unique<accounts::MysqlStore>(mysql_server());
        return std::make_unique<accounts::SqliteStore>(directory_.path("astcti.db"));
    }

    accounts::Store& operator*() { return *store(); }
    accounts::Store* operator->() { return store(); }

    // As another program would.
    void run(const std::string& sql) { connection().run_script(sql); }

private:
    accounts::Store* store() {
        if (!store_)
            store_ = another();
        return store_.get();
    }

    accounts::SqlConnection& connection() {
        if (connection_)
            return *connection_;
        if (on_mysql())
            connection_ = std::make_unique<accounts::MysqlConnection>(mysql_server());
        else {
            store()->check();
            connection_ =
                std::make_unique<accounts::SqliteConnection>(directory_.path("astcti.db"));
        }
        return *connection_;
    }

    TempDir directory_;
    std::unique_ptr<accounts::Store> store_;
    std::unique_ptr<accounts::SqlConnection> connection_;
};

} // namespace astcti::test
