// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/accounts/sqlite_store.hpp"

#include "daemon/accounts/sqlite.hpp"
#include "sqlite_0001.hpp"
#include "sqlite_0002.hpp"
#include "sqlite_0003.hpp"

#include <array>
#include <charconv>
#include <sys/stat.h>
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

std::optional<SqliteStore::Mark> SqliteStore::mark_now() const {
    struct stat info {};
    if (::stat(file_.c_str(), &info) != 0)
        return std::nullopt;
    return Mark{info.st_dev, info.st_ino, info.st_ctim.tv_sec, info.st_ctim.tv_nsec};
}

SqlStore::Opened SqliteStore::open_to_write() {
    mark_.reset();
    connection_ = std::make_unique<SqliteConnection>(file_);
    check_version(*connection_);
    migrate(*connection_);
    return {*connection_, migrations.size()};
}

// What has accounts is read also where it cannot be brought up to date.
SqlStore::Opened SqliteStore::open_to_read() {
    if (is_together_)
        return {*connection_, migrations.size()};
    const auto mark = mark_now();
    if (mark_ && mark_ == mark)
        return {*connection_, migrations.size()};
    mark_.reset();
    connection_ = std::make_unique<SqliteConnection>(file_);
    check_version(*connection_);
    try {
        migrate(*connection_);
    } catch (const StoreError&) {
        if (!has_table(*connection_, "cti"))
            throw;
    }
    const auto version = version_of(*connection_);
    if (version == migrations.size())
        mark_ = mark;
    return {*connection_, version};
}

void SqliteStore::read_together(const std::function<void()>& read) {
    open_to_read();
    if (!mark_) {
        read();
        return;
    }
    struct Together {
        explicit Together(bool& flag) : is_together(flag) { is_together = true; }
        Together(const Together&) = delete;
        ~Together() { is_together = false; }
        bool& is_together;
    };
    SqlTransaction transaction(*connection_);
    const Together together(is_together_);
    read();
    transaction.commit();
}

} // namespace astcti::accounts
