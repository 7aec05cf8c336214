// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/accounts/store.hpp"
#include "daemon/ctl/interrupt.hpp"

#include <string>
#include <vector>

namespace astcti::ctl {

// Wraps the bare MD5 sums of these accounts, or of all, by yescrypt: 20 ms each. Returns the text
// for standard output. Throws std::runtime_error if there is no such user, StoreError, and
// Interrupted; what was wrapped by then stays so, and is told.
std::string migrate_users(accounts::Store& store, const std::vector<std::string>& names,
                          const Interrupt& interrupt);

} // namespace astcti::ctl
