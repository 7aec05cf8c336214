// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/ctl/database.hpp"
#include "daemon/ctl/outcome.hpp"

namespace astcti::ctl {

// Fails if something is to be mended. Throws StoreError.
Outcome show_status(Database& database);

// The same from a state that is at hand. Pure.
Outcome told(const DatabaseState& state);

Outcome migrate_database(Database& database);

} // namespace astcti::ctl
