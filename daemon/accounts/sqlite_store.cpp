// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/accounts/sqlite_store.hpp"

#include "daemon/accounts/sqlite.hpp"
#include "sqlite_0001.hpp"
#include "sqlite_0002.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace astcti::accounts {
namespace {

// In their order: the database's user_version is how many it has seen. Added to, never edited.
constexpr std::array<std::string_view, 2> migrations{sql::sqlite_0001, sql::sqlite_0002};
constexpr std::size_t version_with_devices = 2;

std::size_t version_of(const Database& database) {
    Statement query(database, "PRAGMA user_version");
    query.step();
    return static_cast<std::size_t>(query.number(0));
}

void check_version(const Database& database) {
    if (version_of(database) > migrations.size())
        throw StoreError("accounts in " + database.file() +
                         ": a later version of AstCTI made this database; install that version "
                         "again, or put back a backup");
}

void migrate(const Database& database) {
    if (version_of(database) == migrations.size())
        return;
    Transaction transaction(database);
    // Another program may have done it meanwhile.
    for (auto i = version_of(database); i < migrations.size(); ++i) {
        database.run(std::string(migrations[i]));
        database.run("PRAGMA user_version = " + std::to_string(i + 1));
    }
    transaction.commit();
}

bool has_accounts(const Database& database) {
    Statement query(database, "SELECT 1 FROM sqlite_master WHERE name = 'cti'");
    return query.step();
}

Database open_to_write(const std::string& file) {
    Database database(file);
    check_version(database);
    migrate(database);
    return database;
}

// What has accounts is read also where it cannot be brought up to date.
Database open_to_read(const std::string& file) {
    Database database(file);
    check_version(database);
    try {
        migrate(database);
    } catch (const StoreError&) {
        if (!has_accounts(database))
            throw;
    }
    return database;
}

void check_size(const Database& database, std::string_view value) {
    if (value.size() > max_stored_size)
        throw StoreError("accounts in " + database.file() + ": a row has a value of " +
                         std::to_string(value.size()) + " bytes, of which " +
                         std::to_string(max_stored_size) + " are allowed; mend or remove it");
}

Account read_account(const Database& database, const Statement& row) {
    Account account{row.text(0), row.text(1), row.text(2), row.text(3)};
    for (const auto* value : {&account.user, &account.secret, &account.host, &account.extension})
        check_size(database, *value);
    return account;
}

// The further devices of one user, or of all, in the order in which they were added.
std::map<std::string, std::vector<std::string>, std::less<>>
read_devices(const Database& database, std::optional<std::string_view> user = {}) {
    std::map<std::string, std::vector<std::string>, std::less<>> devices;
    if (version_of(database) < version_with_devices)
        return devices;
    Statement query(database, user ? "SELECT USERNAME, DEVICE FROM cti_device "
                                     "WHERE USERNAME = ?1 ORDER BY rowid"
                                   : "SELECT USERNAME, DEVICE FROM cti_device ORDER BY rowid");
    if (user)
        query.bind(1, *user);
    while (query.step()) {
        auto& own = devices[query.text(0)];
        if (own.size() == max_devices)
            continue;
        own.push_back(query.text(1));
        check_size(database, own.back());
    }
    return devices;
}

std::vector<std::string> devices_of(const Database& database, std::string_view user) {
    return std::move(read_devices(database, user)[std::string(user)]);
}

std::vector<Account> read_accounts(const Database& database) {
    auto devices = read_devices(database);
    Statement query(database, "SELECT USERNAME, SECRET, HOST, EXT FROM cti "
                              "WHERE USERNAME IS NOT NULL ORDER BY USERNAME COLLATE BINARY");
    std::vector<Account> accounts;
    while (query.step()) {
        accounts.push_back(read_account(database, query));
        accounts.back().devices = std::move(devices[accounts.back().user]);
    }
    return accounts;
}

// Not a comparison by SQL: one device may be written in two ways.
std::set<std::string> all_devices(const Database& database) {
    std::set<std::string> all;
    Statement extensions(database, "SELECT EXT FROM cti WHERE EXT <> ''");
    while (extensions.step())
        all.emplace(device_of_channels(extensions.text(0)));
    for (const auto& [user, devices] : read_devices(database))
        for (const auto& device : devices)
            all.emplace(device_of_channels(device));
    return all;
}

// Accounts may have been removed by other programs, which do not know the table.
void remove_devices_of_nobody(const Database& database) {
    database.run("DELETE FROM cti_device WHERE USERNAME NOT IN "
                 "(SELECT USERNAME FROM cti WHERE USERNAME IS NOT NULL)");
}

void insert_device(const Database& database, std::string_view user, std::string_view device) {
    Statement insert(database, "INSERT INTO cti_device (USERNAME, DEVICE) VALUES (?1, ?2)");
    insert.bind(1, user).bind(2, device).step();
}

} // namespace

void SqliteStore::check() {
    const auto database = open_to_read(file_);
    Statement(database, "SELECT USERNAME, SECRET, HOST, EXT FROM cti LIMIT 1").step();
}

std::optional<Account> SqliteStore::find(std::string_view user) {
    const auto database = open_to_read(file_);
    // The table may have been made elsewhere, with another collation.
    Statement query(database, "SELECT USERNAME, SECRET, HOST, EXT FROM cti "
                              "WHERE USERNAME = ?1 COLLATE BINARY");
    if (!query.bind(1, user).step())
        return std::nullopt;
    auto account = read_account(database, query);
    account.devices = devices_of(database, user);
    return account;
}

std::vector<Account> SqliteStore::list() {
    return read_accounts(open_to_read(file_));
}

std::set<std::string> SqliteStore::devices() {
    return all_devices(open_to_read(file_));
}

Store::Added SqliteStore::add(const Account& account) {
    if (account.devices.size() > max_devices)
        return Added::too_many_devices;
    const auto database = open_to_write(file_);
    Transaction transaction(database);
    remove_devices_of_nobody(database);
    Statement user(database, "SELECT 1 FROM cti WHERE USERNAME = ?1");
    if (user.bind(1, account.user).step())
        return Added::user_exists;
    auto taken = all_devices(database);
    const auto take = [&taken](std::string_view device) {
        return device.empty() || taken.emplace(device_of_channels(device)).second;
    };
    if (!take(account.extension) || !std::ranges::all_of(account.devices, take))
        return Added::device_taken;
    Statement insert(database, "INSERT INTO cti (USERNAME, SECRET, HOST, EXT) "
                               "VALUES (?1, ?2, ?3, ?4)");
    insert.bind(1, account.user)
        .bind(2, account.secret)
        .bind_or_null(3, account.host)
        .bind_or_null(4, account.extension)
        .step();
    for (const auto& device : account.devices)
        insert_device(database, account.user, device);
    transaction.commit();
    return Added::done;
}

Store::Added SqliteStore::add_device(std::string_view user, std::string_view device) {
    const auto database = open_to_write(file_);
    Transaction transaction(database);
    remove_devices_of_nobody(database);
    Statement account(database, "SELECT 1 FROM cti WHERE USERNAME = ?1 COLLATE BINARY");
    if (!account.bind(1, user).step())
        return Added::no_such_user;
    if (all_devices(database).contains(std::string(device_of_channels(device))))
        return Added::device_taken;
    if (devices_of(database, user).size() >= max_devices)
        return Added::too_many_devices;
    insert_device(database, user, device);
    transaction.commit();
    return Added::done;
}

bool SqliteStore::remove_device(std::string_view user, std::string_view device) {
    const auto database = open_to_write(file_);
    Transaction transaction(database);
    bool removed = false;
    for (const auto& own : devices_of(database, user)) {
        if (device_of_channels(own) != device_of_channels(device))
            continue;
        Statement statement(database, "DELETE FROM cti_device WHERE USERNAME = ?1 AND DEVICE = ?2");
        statement.bind(1, user).bind(2, own).step();
        removed = true;
    }
    transaction.commit();
    return removed;
}

bool SqliteStore::set_secret(std::string_view user, std::string_view secret) {
    const auto database = open_to_write(file_);
    Statement update(database, "UPDATE cti SET SECRET = ?2 WHERE USERNAME = ?1 COLLATE BINARY");
    update.bind(1, user).bind(2, secret).step();
    return database.changes() > 0;
}

bool SqliteStore::remove(std::string_view user) {
    const auto database = open_to_write(file_);
    Transaction transaction(database);
    Statement statement(database, "DELETE FROM cti WHERE USERNAME = ?1 COLLATE BINARY");
    statement.bind(1, user).step();
    const bool removed = database.changes() > 0;
    remove_devices_of_nobody(database);
    transaction.commit();
    return removed;
}

} // namespace astcti::accounts
