// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ctl/schema.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace astcti::ctl {
namespace {

constexpr std::array<const char*, 4> columns_of_cti{"USERNAME", "SECRET", "HOST", "EXT"};

struct Wanted {
    const char* table;
    const char* column;
};
constexpr std::array<Wanted, 5> further_columns{{
    {"cti_device", "USERNAME"},
    {"cti_device", "DEVICE"},
    {"cti_device", "KIND"},
    {"cti_seat", "HOST"},
    {"cti_seat", "EXT"},
}};

// utf8 is called utf8mb3 by newer servers. It lacks what is beyond U+FFFF: no letters of names.
bool holds_all_names(const std::string& character_set) {
    return character_set.empty() || character_set.starts_with("utf8");
}

void inspect_columns(const Schema& schema, Findings& findings) {
    for (const auto* const column : columns_of_cti)
        if (!schema.has_column("cti", column))
            findings.faults.push_back(
                fmt::format("the table cti has no column {0}, so nobody can log in; add it: "
                            "ALTER TABLE cti ADD COLUMN {0} varchar(255) DEFAULT NULL",
                            column));
    for (const auto& [table, column] : further_columns)
        if (schema.has_table(table) && !schema.has_column(table, column))
            findings.faults.push_back(fmt::format("the table {} has no column {}; astctictl db "
                                                  "migrate adds it, unless somebody removed it",
                                                  table, column));
    for (const auto* const column : {"USERNAME", "EXT"})
        if (schema.has_column("cti", column) && !schema.unique.contains(column))
            findings.faults.push_back(
                fmt::format("nothing keeps two rows of cti from the same {0}; see to it: "
                            "ALTER TABLE cti ADD UNIQUE KEY {0} ({0})",
                            column));
}

// Those that one of the others came with, or after.
void inspect_tables(const Schema& schema, Findings& findings) {
    if (schema.has_table("cti_seat") && !schema.has_table("cti_device"))
        findings.faults.emplace_back("the table cti_device is lost, and with it all further "
                                     "telephones; put back a backup, or astctictl db migrate "
                                     "makes an empty one");
    if (schema.has_column("cti_device", "KIND") && !schema.has_table("cti_seat"))
        findings.faults.emplace_back(
            "the table cti_seat is lost, so that whoever has no EXT cannot log in; put back a "
            "backup, or make an empty one: CREATE TABLE cti_seat (HOST varchar(255) NOT NULL "
            "UNIQUE, EXT varchar(255) NOT NULL)");
}

} // namespace

bool Schema::has_table(std::string_view table) const {
    return std::ranges::find(tables, table, &Table::name) != tables.end();
}

bool Schema::has_column(std::string_view table, std::string_view column) const {
    return std::ranges::any_of(
        columns, [&](const Column& own) { return own.table == table && own.name == column; });
}

bool Schema::has_accounts() const {
    return std::ranges::all_of(columns_of_cti,
                               [this](const char* column) { return has_column("cti", column); });
}

void inspect(const Schema& schema, Findings& findings) {
    if (!schema.has_table("cti")) {
        findings.faults.emplace_back("there is no table cti; astctictl db migrate makes it");
        return;
    }
    inspect_columns(schema, findings);
    inspect_tables(schema, findings);
    for (const auto& column : schema.columns)
        if (!holds_all_names(column.character_set))
            findings.faults.push_back(
                fmt::format("the column {0} of {1} is of the character set {2}, which has not the "
                            "letters of all names; convert it: "
                            "ALTER TABLE {1} CONVERT TO CHARACTER SET utf8mb4",
                            column.name, column.table, column.character_set));
    for (const auto& table : schema.tables)
        if (!table.engine.empty() && table.engine != "InnoDB")
            findings.notes.push_back(
                fmt::format("the table {0} is kept by {1}, so that a change that is cut off may be "
                            "half done; ALTER TABLE {0} ENGINE=InnoDB mends it",
                            table.name, table.engine));
}

} // namespace astcti::ctl
