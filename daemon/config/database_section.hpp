// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/config/config.hpp"
#include "daemon/config/document.hpp"

namespace astcti::config {

// Where SQLite's file is if nobody says so: in $STATE_DIRECTORY, or /var/lib/astcti.
std::string default_database_file();

// `read_by_all`: every user can read the configuration, and a password in it.
Database read_database(const Document& document, const xmlNode* element, bool read_by_all,
                       Faults& faults, Faults& warnings);

} // namespace astcti::config
