// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace astcti::ctl {

struct Column {
    std::string table;
    std::string name;          // in upper case
    std::string character_set; // empty: it can hold any text
};

struct Table {
    std::string name;
    std::string engine; // empty: there is one only, or it is a view
};

// The tables of AstCTI as a database has them.
struct Schema {
    std::vector<Table> tables;
    std::vector<Column> columns;
    std::set<std::string> unique; // columns of `cti` whose values are there once

    bool has_table(std::string_view table) const;
    bool has_column(std::string_view table, std::string_view column) const;
    // The accounts can be read.
    bool has_accounts() const;
};

// What is said of the database: faults are to be mended, notes are worth knowing.
struct Findings {
    std::vector<std::string> faults;
    std::vector<std::string> notes;
};

// What is wrong with the tables, and how to mend it. Pure.
void inspect(const Schema& schema, Findings& findings);

} // namespace astcti::ctl
