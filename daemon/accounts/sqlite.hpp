// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/accounts/sql.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace astcti::accounts {

// A connection to an SQLite file. Statements are prepared once.
class SqliteConnection final : public SqlConnection {
public:
    // How long a statement waits for another program that holds the file.
    static constexpr std::chrono::milliseconds busy_timeout{1000};

    // Makes the file if there is none, readable for its owner only. One that cannot be written is
    // opened for reading.
    explicit SqliteConnection(const std::string& file);

    std::vector<SqlRow> query(std::string_view sql, SqlValues values = {}) override;
    std::uint64_t execute(std::string_view sql, SqlValues values = {}) override;
    void run_script(std::string_view sql) override;
    const std::string& place() const noexcept override { return place_; }

private:
    struct Close {
        void operator()(sqlite3* database) const noexcept;
    };
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const noexcept;
    };
    using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

    [[noreturn]] void fail(int result) const;
    void check(int result) const;
    void create_if_missing(const std::string& file) const;
    // What is found goes to `found`, row by row.
    template <typename Found>
    void run(std::string_view sql, SqlValues values, Found found);
    sqlite3_stmt* prepared(std::string_view sql);
    void bind(sqlite3_stmt* statement, SqlValues values);
    bool step(sqlite3_stmt* statement);

    std::string place_;
    std::unique_ptr<sqlite3, Close> database_;
    std::map<std::string, Statement, std::less<>> statements_; // by their text
};

} // namespace astcti::accounts
