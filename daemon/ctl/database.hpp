// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/accounts/sql.hpp"
#include "daemon/accounts/store.hpp"
#include "daemon/ctl/row_check.hpp"
#include "daemon/ctl/schema.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

namespace astcti::ctl {

struct DatabaseState {
    std::string server; // "SQLite 3.40.1", "MariaDB 10.11.19", "MySQL 9.7.0"
    std::string place;
    std::size_t version = 0; // of the tables
    std::size_t latest_version = 0;
    std::string why_not_writable; // empty: it can be written
    std::optional<Rows> rows;     // if the accounts can be read
    Findings findings;
};

// The database of the accounts itself, for who administers it. All throw StoreError.
class Database {
public:
    Database() = default;
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;
    virtual ~Database() = default;

    virtual std::unique_ptr<accounts::Store> make_store() const = 0;

    // Looks, and changes nothing.
    virtual DatabaseState state() = 0;

    // Brings the tables up to date. Returns by how many versions.
    virtual std::size_t migrate() = 0;

    // The original may run on the same tables, and know nothing but bare MD5 sums.
    virtual bool may_serve_the_original() const noexcept = 0;
};

// Reads accounts also where some have no name and tables are of an older version.
Rows read_rows(accounts::SqlConnection& connection, const Schema& schema);

} // namespace astcti::ctl
