// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace astcti::accounts {

// A connection to an SQLite file. All failures of this and of what is below are StoreErrors that
// name the file.
class Database {
public:
    // How long a statement waits for another program that holds the file.
    static constexpr std::chrono::milliseconds busy_timeout{1000};

    // Makes the file if there is none, readable for its owner only. One that cannot be written is
    // opened for reading.
    explicit Database(std::string file);

    const std::string& file() const noexcept { return file_; }

    // Statements without values of anyone.
    void run(const std::string& sql) const;

    // Rows that the last statement wrote.
    int changes() const noexcept;

private:
    friend class Statement;
    friend class Transaction;

    struct Close {
        void operator()(sqlite3* database) const noexcept;
    };

    [[noreturn]] void fail(int result) const;
    void create_if_missing() const;

    std::string file_;
    std::unique_ptr<sqlite3, Close> database_;
};

// Rolled back unless it was committed.
class Transaction {
public:
    explicit Transaction(const Database& database);
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    ~Transaction();

    void commit();

private:
    const Database& database_;
    bool committed_ = false;
};

// One prepared statement. Values are bound, never written into it.
class Statement {
public:
    Statement(const Database& database, std::string_view sql);

    // The text must outlive the statement.
    Statement& bind(int index, std::string_view text);
    Statement& bind_or_null(int index, std::string_view text); // NULL if it is empty

    // True if there is a row.
    bool step();

    // Of the row; NULL is empty.
    std::string text(int column) const;
    std::int64_t number(int column) const;

private:
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const noexcept;
    };

    void check(int result) const;

    const Database& database_;
    std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

} // namespace astcti::accounts
