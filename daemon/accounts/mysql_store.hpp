// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/accounts/mysql.hpp"
#include "daemon/accounts/sql_store.hpp"

#include <chrono>
#include <memory>

namespace astcti::accounts {

// Accounts in a MySQL or MariaDB database. Connects when it is asked something for the first
// time, and anew after the server was away. The tables are the administrator's: they are read as
// they are, and brought up to date by migrate() only.
class MysqlStore final : public SqlStore {
public:
    explicit MysqlStore(MysqlServer server);

    // How many of all migrations the database has seen.
    std::size_t version();
    static std::size_t latest_version() noexcept;
    // Makes what is missing. Returns how many migrations were done.
    std::size_t migrate();

    // Of the server.
    std::string server_version();

protected:
    Opened open_to_read() override;
    Opened open_to_write() override;

private:
    // A connection that was not used for so long is tried before it is trusted.
    static constexpr std::chrono::seconds trusted_for{1};

    MysqlConnection& connection();

    MysqlServer server_;
    std::unique_ptr<MysqlConnection> connection_;
    std::size_t version_ = 0;
    std::chrono::steady_clock::time_point used_{};
};

} // namespace astcti::accounts
