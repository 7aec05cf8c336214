// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ctl/sqlite_database.hpp"

#include "daemon/accounts/sqlite.hpp"
#include "daemon/accounts/sqlite_store.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>

namespace astcti::ctl {
namespace {

using accounts::SqlConnection;

std::size_t version_of(SqlConnection& connection) {
    const auto text = connection.query("PRAGMA user_version").at(0).at(0);
    std::size_t version = 0;
    std::from_chars(text.data(), text.data() + text.size(), version);
    return version;
}

// Down to the journal beside the file, and back.
void try_to_write(SqlConnection& connection, std::size_t version) {
    const accounts::SqlTransaction transaction(connection, "BEGIN IMMEDIATE");
    connection.run_script("PRAGMA user_version = " + std::to_string(version));
}

Schema schema_of(SqlConnection& connection) {
    Schema schema;
    for (const auto* const table : {"cti", "cti_device", "cti_seat"}) {
        const auto columns =
            connection.query("SELECT upper(name) FROM pragma_table_info(?)", {table});
        if (columns.empty())
            continue;
        schema.tables.push_back({table, ""});
        for (const auto& column : columns)
            schema.columns.push_back({table, column[0], ""});
    }
    for (const auto& row :
         connection.query("SELECT upper(max(c.name)) FROM pragma_index_list('cti') AS i, "
                          "pragma_index_info(i.name) AS c WHERE i.\"unique\" GROUP BY i.name "
                          "HAVING count(*) = 1"))
        schema.unique.insert(row[0]);
    return schema;
}

} // namespace

std::unique_ptr<accounts::Store> SqliteDatabase::make_store() const {
    return std::make_unique<accounts::SqliteStore>(file_);
}

DatabaseState SqliteDatabase::state() {
    DatabaseState state;
    state.server = "SQLite";
    state.place = file_;
    state.latest_version = accounts::SqliteStore::latest_version();
    if (!std::filesystem::exists(file_)) {
        state.findings.notes.emplace_back("there is no file yet: it is made when it is needed");
        state.rows.emplace();
        return state;
    }
    accounts::SqliteConnection connection(file_);
    state.version = version_of(connection);
    state.server += " " + connection.query("SELECT sqlite_version()").at(0).at(0);
    try {
        try_to_write(connection, state.version);
    } catch (const accounts::StoreError& error) {
        state.why_not_writable = error.what();
    }
    const auto schema = schema_of(connection);
    if (state.version == 0 && schema.tables.empty())
        state.findings.notes.emplace_back("there are no tables yet: they are made when needed");
    else
        inspect(schema, state.findings);
    if (state.version > state.latest_version)
        state.findings.faults.emplace_back(
            "a later version of AstCTI made these tables, so that nobody can log in; install that "
            "version again, or put back a backup");
    if (schema.has_accounts())
        state.rows = read_rows(connection, schema);
    return state;
}

// A store does it by itself when it is opened, but is content with what can be read.
std::size_t SqliteDatabase::migrate() {
    std::size_t before = 0;
    if (std::filesystem::exists(file_)) {
        accounts::SqliteConnection connection(file_);
        before = version_of(connection);
        if (before < accounts::SqliteStore::latest_version())
            try_to_write(connection, before);
    }
    make_store()->check();
    accounts::SqliteConnection connection(file_);
    const auto after = version_of(connection);
    if (after < accounts::SqliteStore::latest_version())
        throw accounts::StoreError(connection.place() +
                                   ": its tables are still of an older version; try again");
    return after - before;
}

} // namespace astcti::ctl
