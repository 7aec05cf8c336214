// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/accounts/store.hpp"
#include "daemon/config/config.hpp"
#include "daemon/ctl/database.hpp"

#include <memory>

namespace astcti::ctl {

// The database that the configuration names. Root becomes the owner of that of a file, for good:
// see database_owner.hpp. Throws std::runtime_error.
std::unique_ptr<Database> open_database(const config::Config& config);

// Its accounts.
std::unique_ptr<accounts::Store> open_store(const config::Config& config);

} // namespace astcti::ctl
