// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/accounts/mysql_server.hpp"
#include "daemon/config/config.hpp"

#include <string>

namespace astcti::config {

inline constexpr std::size_t max_secret = 256;

// A secret: from the configuration, the file that it names, or the file of that name in the
// directory of credentials ($CREDENTIALS_DIRECTORY, or --credentials-dir; empty: there is none).
// Reads a file, so do it at start. Throws ConfigError, which says which file and how to make it.
std::string read_secret(const Secret& secret, const std::string& credentials_dir);

// The manager user's.
std::string read_secret(const Manager& manager, const std::string& credentials_dir);

// As the accounts know it, with its password.
accounts::MysqlServer mysql_server(const DatabaseServer& server,
                                   const std::string& credentials_dir);

} // namespace astcti::config
