// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/accounts/mysql.hpp"
#include "daemon/accounts/store.hpp"
#include "daemon/ctl/interrupt.hpp"
#include "daemon/ctl/outcome.hpp"

#include <string>
#include <vector>

namespace astcti::ctl {

struct ImportOptions {
    accounts::MysqlServer from;
    int password_fd = -1;
    bool insecure = false; // no TLS to another machine
    bool wrap = false;     // bare MD5 sums, on the way
};

// Throws UsageError.
void check(const ImportOptions& options);

// The rows of the table `cti` of the original. Throws std::runtime_error.
std::vector<accounts::Account> read_legacy(const ImportOptions& options);

// Adds those that are not there; may be done again. Fails if some were left out, and says which
// and why. Throws StoreError and Interrupted; what was added by then stays so, and is told.
Outcome import_legacy(accounts::Store& store, const std::vector<accounts::Account>& rows, bool wrap,
                      const Interrupt& interrupt);

} // namespace astcti::ctl
