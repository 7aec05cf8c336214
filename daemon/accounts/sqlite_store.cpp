// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/accounts/sqlite_store.hpp"

#include "daemon/accounts/sqlite.hpp"
#include "sqlite_0001.hpp"

#include <array>

namespace astcti::accounts {
namespace {

// In their order: the database's user_version is how many it has seen. Added to, never edited.
constexpr std::array<std::string_view, 1> migrations{sql::sqlite_0001};

std::size_t version_of(const Database& database) {
    Statement query(database, "PRAGMA user_version");
    query.step();
    return static_cast<std::size_t>(query.number(0));
}

void migrate(const Database& database) {
    if (version_of(database) == migrations.size())
        return;
    if (version_of(database) > migrations.size())
        throw StoreError("accounts in " + database.file() +
                         ": a later version of AstCTI made this database; install that version "
                         "again, or put back a backup");
    Transaction transaction(database);
    // Another program may have done it meanwhile.
    for (auto i = version_of(database); i < migrations.size(); ++i) {
        database.run(std::string(migrations[i]));
        database.run("PRAGMA user_version = " + std::to_string(i + 1));
    }
    transaction.commit();
}

Database open(const std::string& file) {
    Database database(file);
    migrate(database);
    return database;
}

Account read_account(const Database& database, const Statement& row) {
    Account account{row.text(0), row.text(1), row.text(2), row.text(3)};
    for (const auto* value : {&account.user, &account.secret, &account.host, &account.extension})
        if (value->size() > max_stored_size)
            throw StoreError("accounts in " + database.file() + ": a row has a value of " +
                             std::to_string(value->size()) + " bytes, of which " +
                             std::to_string(max_stored_size) + " are allowed; mend or remove it");
    return account;
}

} // namespace

void SqliteStore::check() {
    const auto database = open(file_);
    Statement(database, "SELECT USERNAME, SECRET, HOST, EXT FROM cti LIMIT 1").step();
}

std::optional<Account> SqliteStore::find(std::string_view user) {
    const auto database = open(file_);
    // The table may have been made elsewhere, with another collation.
    Statement query(database, "SELECT USERNAME, SECRET, HOST, EXT FROM cti "
                              "WHERE USERNAME = ?1 COLLATE BINARY");
    if (!query.bind(1, user).step())
        return std::nullopt;
    return read_account(database, query);
}

std::vector<Account> SqliteStore::list() {
    const auto database = open(file_);
    Statement query(database, "SELECT USERNAME, SECRET, HOST, EXT FROM cti "
                              "WHERE USERNAME IS NOT NULL ORDER BY USERNAME COLLATE BINARY");
    std::vector<Account> accounts;
    while (query.step())
        accounts.push_back(read_account(database, query));
    return accounts;
}

Store::Added SqliteStore::add(const Account& account) {
    const auto database = open(file_);
    Transaction transaction(database);
    Statement user(database, "SELECT 1 FROM cti WHERE USERNAME = ?1");
    if (user.bind(1, account.user).step())
        return Added::user_exists;
    Statement extension(database, "SELECT 1 FROM cti WHERE EXT = ?1");
    if (!account.extension.empty() && extension.bind(1, account.extension).step())
        return Added::extension_taken;
    Statement insert(database, "INSERT INTO cti (USERNAME, SECRET, HOST, EXT) "
                               "VALUES (?1, ?2, ?3, ?4)");
    insert.bind(1, account.user)
        .bind(2, account.secret)
        .bind_or_null(3, account.host)
        .bind_or_null(4, account.extension)
        .step();
    transaction.commit();
    return Added::done;
}

bool SqliteStore::set_secret(std::string_view user, std::string_view secret) {
    const auto database = open(file_);
    Statement update(database, "UPDATE cti SET SECRET = ?2 WHERE USERNAME = ?1 COLLATE BINARY");
    update.bind(1, user).bind(2, secret).step();
    return database.changes() > 0;
}

bool SqliteStore::remove(std::string_view user) {
    const auto database = open(file_);
    Statement statement(database, "DELETE FROM cti WHERE USERNAME = ?1 COLLATE BINARY");
    statement.bind(1, user).step();
    return database.changes() > 0;
}

} // namespace astcti::accounts
