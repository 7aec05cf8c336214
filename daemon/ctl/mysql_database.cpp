// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ctl/mysql_database.hpp"

#include "daemon/accounts/mysql_store.hpp"

#include <array>

namespace astcti::ctl {
namespace {

using accounts::SqlConnection;

constexpr std::string_view of_our_tables =
    " WHERE table_schema = DATABASE() AND table_name IN ('cti', 'cti_device', 'cti_seat')";

Schema schema_of(SqlConnection& connection) {
    const auto query = [&connection](std::string_view select, std::string_view rest = "") {
        return connection.query(std::string(select) + std::string(of_our_tables) +
                                std::string(rest));
    };
    Schema schema;
    for (const auto& row : query("SELECT table_name, engine FROM information_schema.tables"))
        schema.tables.push_back({row[0], row[1]});
    for (const auto& row : query("SELECT table_name, UPPER(column_name), character_set_name "
                                 "FROM information_schema.columns"))
        schema.columns.push_back({row[0], row[1], row[2]});
    for (const auto& row :
         query("SELECT UPPER(MAX(column_name)) FROM information_schema.statistics",
               " AND table_name = 'cti' AND non_unique = 0 GROUP BY index_name "
               "HAVING COUNT(*) = 1"))
        schema.unique.insert(row[0]);
    return schema;
}

// A server refuses these whether or not there are rows: it is read-only, or the user may not.
void try_to_write(SqlConnection& connection, const Schema& schema) {
    const accounts::SqlTransaction transaction(connection, "START TRANSACTION");
    for (const auto& table : schema.tables) {
        connection.run_script("INSERT INTO " + table.name + " SELECT * FROM " + table.name +
                              " WHERE 1 = 0");
        connection.run_script("DELETE FROM " + table.name + " WHERE 1 = 0");
    }
    if (schema.has_accounts())
        connection.run_script("UPDATE cti SET SECRET = SECRET, HOST = HOST, EXT = EXT WHERE 1 = 0");
}

std::string named(const std::string& version) {
    if (version.find("MariaDB") == version.npos)
        return "MySQL " + version;
    return "MariaDB " + version.substr(0, version.find("-MariaDB"));
}

} // namespace

std::unique_ptr<accounts::Store> MysqlDatabase::make_store() const {
    return std::make_unique<accounts::MysqlStore>(server_);
}

DatabaseState MysqlDatabase::state() {
    DatabaseState state;
    accounts::MysqlConnection connection(server_);
    state.server = named(connection.version());
    const auto& where =
        server_.socket.empty() ? server_.host + ":" + std::to_string(server_.port) : server_.socket;
    state.place = "database " + server_.database + " at " + where;
    state.version = accounts::MysqlStore(server_).version();
    state.latest_version = accounts::MysqlStore::latest_version();
    const auto schema = schema_of(connection);
    if (schema.has_table("cti") && state.version < state.latest_version)
        state.findings.faults.emplace_back(
            "its tables are of an older version: people can log in, but accounts cannot be "
            "changed; astctictl db migrate brings them up to date");
    inspect(schema, state.findings);
    try {
        try_to_write(connection, schema);
    } catch (const accounts::StoreError& error) {
        state.why_not_writable = error.what();
    }
    if (schema.has_accounts())
        state.rows = read_rows(connection, schema);
    return state;
}

std::size_t MysqlDatabase::migrate() {
    return accounts::MysqlStore(server_).migrate();
}

} // namespace astcti::ctl
