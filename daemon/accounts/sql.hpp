// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace astcti::accounts {

// A value to bind; nothing is NULL.
using SqlValue = std::optional<std::string_view>;
using SqlValues = std::initializer_list<SqlValue>;

// NULL is the empty string.
using SqlRow = std::vector<std::string>;

// NULL if it is empty.
inline SqlValue text_or_null(std::string_view text) noexcept {
    return text.empty() ? SqlValue() : SqlValue(text);
}

// A connection to a database that speaks SQL. Values are bound, never written into a statement,
// and statements are constants of ours. Every call may block, as long as the connection's time
// limits say. All failures are StoreErrors that name the database.
class SqlConnection {
public:
    SqlConnection() = default;
    SqlConnection(const SqlConnection&) = delete;
    SqlConnection& operator=(const SqlConnection&) = delete;
    virtual ~SqlConnection() = default;

    virtual std::vector<SqlRow> query(std::string_view sql, SqlValues values = {}) = 0;

    // Returns how many rows it wrote.
    virtual std::uint64_t execute(std::string_view sql, SqlValues values = {}) = 0;

    // Statements without values, ended by semicolons: a migration.
    virtual void run_script(std::string_view sql) = 0;

    // How errors begin: "accounts in /var/lib/astcti/astcti.db".
    virtual const std::string& place() const noexcept = 0;
};

// Rolled back unless it was committed. A table that knows no transactions (MyISAM) keeps what was
// written: what is done in one is in an order that leaves nothing half done.
class SqlTransaction {
public:
    explicit SqlTransaction(SqlConnection& connection, std::string_view begin = "BEGIN");
    SqlTransaction(const SqlTransaction&) = delete;
    SqlTransaction& operator=(const SqlTransaction&) = delete;
    ~SqlTransaction();

    void commit();

private:
    SqlConnection& connection_;
    bool committed_ = false;
};

} // namespace astcti::accounts
