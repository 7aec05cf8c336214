// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/accounts/mysql.hpp"
#include "daemon/ctl/database.hpp"

namespace astcti::ctl {

// MySQL or MariaDB.
class MysqlDatabase final : public Database {
public:
    explicit MysqlDatabase(accounts::MysqlServer server) : server_(std::move(server)) {}

    std::unique_ptr<accounts::Store> make_store() const override;
    DatabaseState state() override;
    std::size_t migrate() override;
    bool may_serve_the_original() const noexcept override { return true; }

private:
    accounts::MysqlServer server_;
};

} // namespace astcti::ctl
