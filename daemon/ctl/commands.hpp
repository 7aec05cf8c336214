// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/ctl/options.hpp"

namespace astcti::ctl {

// One for each command of the command line. They throw UsageError before anything is opened,
// then ConfigError, StoreError and std::runtime_error.
Outcome user_add(const Options& options);
Outcome user_list(const Options& options);
Outcome user_show(const Options& options);
Outcome user_set(const Options& options);
Outcome user_passwd(const Options& options);
Outcome user_remove(const Options& options);
Outcome user_migrate(const Options& options);
Outcome user_device_add(const Options& options);
Outcome user_device_remove(const Options& options);
Outcome seat_list(const Options& options);
Outcome seat_set(const Options& options);
Outcome seat_remove(const Options& options);
Outcome db_status(const Options& options);
Outcome db_migrate(const Options& options);
Outcome db_import_legacy(const Options& options);
Outcome record_calls(const Options& options);
Outcome reload(const Options& options);
Outcome show_tls(const Options& options);

} // namespace astcti::ctl
