// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/accounts/mysql_store.hpp"

#include "mysql_0001.hpp"
#include "mysql_0002.hpp"
#include "mysql_0003.hpp"

#include <array>
#include <charconv>
#include <utility>

namespace astcti::accounts {
namespace {

// In their order: the table cti_schema tells how many the database has seen. Added to, never
// edited.
constexpr std::array<std::string_view, 3> migrations{sql::mysql_0001, sql::mysql_0002,
                                                     sql::mysql_0003};

// HEX compares bytes, in whatever character set and collation the column is.
constexpr SqlDialect mysql_dialect{
    "START TRANSACTION", "HEX(CONVERT(USERNAME USING utf8mb4)) = HEX(CONVERT(? USING utf8mb4))",
    "ID"};

bool has_table(SqlConnection& connection, std::string_view name) {
    return !connection
                .query("SELECT 1 FROM information_schema.tables "
                       "WHERE table_schema = DATABASE() AND table_name = ?",
                       {name})
                .empty();
}

// A database of the original has the table cti and knows nothing of versions.
std::size_t version_of(SqlConnection& connection) {
    std::size_t version = 0;
    if (!has_table(connection, "cti_schema"))
        return has_table(connection, "cti") ? 1 : 0;
    for (const auto& row : connection.query("SELECT VERSION FROM cti_schema"))
        std::from_chars(row[0].data(), row[0].data() + row[0].size(), version);
    // As a backup of some of the tables leaves it.
    if (version > 1 && version <= migrations.size() && !has_table(connection, "cti_device"))
        version = 1;
    return version;
}

void set_version(SqlConnection& connection, std::size_t version) {
    connection.run_script("CREATE TABLE IF NOT EXISTS cti_schema (VERSION int NOT NULL)");
    const auto text = std::to_string(version);
    if (connection.execute("UPDATE cti_schema SET VERSION = ?", {text}) == 0 &&
        connection.query("SELECT VERSION FROM cti_schema").empty())
        connection.execute("INSERT INTO cti_schema (VERSION) VALUES (?)", {text});
}

} // namespace

MysqlStore::MysqlStore(MysqlServer server) : SqlStore(mysql_dialect), server_(std::move(server)) {}

std::size_t MysqlStore::latest_version() noexcept {
    return migrations.size();
}

MysqlConnection& MysqlStore::connection() {
    const auto now = std::chrono::steady_clock::now();
    if (connection_ &&
        (connection_->is_lost() || (now - used_ > trusted_for && !connection_->is_alive())))
        connection_.reset();
    used_ = now;
    if (!connection_) {
        connection_ = std::make_unique<MysqlConnection>(server_);
        version_ = version_of(*connection_);
        if (version_ > migrations.size())
            throw StoreError(connection_->place() +
                             ": a later version of AstCTI made these tables; install that version "
                             "again, or put back a backup");
    }
    return *connection_;
}

SqlStore::Opened MysqlStore::open_to_read() {
    auto& opened = connection();
    return {opened, version_};
}

SqlStore::Opened MysqlStore::open_to_write() {
    auto& opened = connection();
    if (version_ < migrations.size())
        version_ = version_of(opened); // it may have been mended meanwhile
    if (version_ < migrations.size())
        throw StoreError(opened.place() + ": its tables are of an older version (" +
                         std::to_string(version_) + " of " + std::to_string(migrations.size()) +
                         "), so that people can log in, but accounts cannot be changed; "
                         "astctictl db migrate mends it");
    return {opened, version_};
}

std::size_t MysqlStore::version() {
    connection();
    return version_;
}

std::string MysqlStore::server_version() {
    return connection().version();
}

std::size_t MysqlStore::migrate() {
    auto& opened = connection();
    const auto before = version_of(opened);
    for (auto i = before; i < migrations.size(); ++i) {
        opened.run_script(migrations[i]);
        set_version(opened, i + 1);
    }
    version_ = migrations.size();
    return migrations.size() - before;
}

} // namespace astcti::accounts
