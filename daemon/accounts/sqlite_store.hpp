// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/accounts/sql_store.hpp"

#include <memory>
#include <string>

namespace astcti::accounts {

// Accounts in an SQLite file. Opens it for each call: that costs a fraction of a millisecond
// beside the 20 of a password, and a file that was away, replaced or mended is simply there the
// next time. A file that does not exist is made, readable for its owner only; one that cannot be
// written is still read. A file of an older version is brought up to date, if it can be written.
class SqliteStore final : public SqlStore {
public:
    explicit SqliteStore(std::string file);

    // How many migrations there are.
    static std::size_t latest_version() noexcept;

protected:
    Opened open_to_read() override;
    Opened open_to_write() override;

private:
    std::string file_;
    std::unique_ptr<SqlConnection> connection_;
};

} // namespace astcti::accounts
