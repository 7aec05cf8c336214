// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/accounts/sqlite_store.hpp"

#include "daemon/accounts/sqlite.hpp"
#include "sqlite_0001.hpp"
#include "sqlite_0002.hpp"
#include "sqlite_0003.hpp"

#include <array>
#include <charconv>
#include <utility>

namespace astcti::accounts {
namespace {

// In their order: the database's user_version is how many it has seen. Added to, never edited.
constexpr std::array<std::string_view, 3> migrations{sql::sqlite_0001, sql::sqlite_0002,
                                                     sql::sqlite_0003};

constexpr SqlDialect sqlite_dialect{"BEGIN IMMEDIATE", "USERNAME = ? COLLATE BINARY", "rowid"};

bool has_table(SqlConnection& connection, std::string_view name) {
    return !connection.query("SELECT 1 FROM sqlite_master WHERE name = ?", {name}).empty();
}

std::size_t version_of(SqlConnection& connection) {
    const auto text = connection.query("PRAGMA user_version").at(0).at(0);
    std::size_t version = 0;
    std::from_chars(text.data(), text.data() + text.size(), version);
    // As a backup of some of the tables leaves it.
    if (version > 1 && version <= migrations.size() && !has_table(connection, "cti_device"))
        version = 1;
    return version;
}

void check_version(SqlConnection& connection) {
    if (version_of(connection) > migrations.size())
        throw StoreError(connection.place() +
                         ": a later version of AstCTI made this database; install that version "
                         "again, or put back a backup");
}

void migrate(SqlConnection& connection) {
    if (version_of(connection) == migrations.size())
        return;
    SqlTransaction transaction(connection, sqlite_dialect.begin);
    // Another program may have done it meanwhile.
    for (auto i = version_of(connection); i < migrations.size(); ++i) {
        connection.run_script(migrations[i]);
        connection.run_script("PRAGMA user_version = " + std::to_string(i + 1));
    }
    transaction.commit();
}

} // namespace

SqliteStore::SqliteStore(std::string file) : SqlStore(sqlite_dialect), file_(std::move(file)) {}

std::size_t SqliteStore::latest_version() noexcept {
    return migrations.size();
}

SqlStore::Opened SqliteStore::open_to_write() {
    connection_ = std::make_unique<SqliteConnection>(file_);
    check_version(*connection_);
    migrate(*connection_);
    return {*connection_, migrations.size()};
}

// What has accounts is read also where it cannot be brought up to date.
SqlStore::Opened SqliteStore::open_to_read() {
    connection_ = std::make_unique<SqliteConnection>(file_);
    check_version(*connection_);
    try {
        migrate(*connection_);
    } catch (const StoreError&) {
        if (!has_table(*connection_, "cti"))
            throw;
    }
    return {*connection_, version_of(*connection_)};
}

} // namespace astcti::accounts
