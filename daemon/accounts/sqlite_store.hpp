// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/accounts/sql_store.hpp"

#include <memory>
#include <optional>
#include <string>
#include <sys/types.h>
#include <tuple>

namespace astcti::accounts {

// Accounts in an SQLite file. Opens it to write, and to read whenever it is not exactly as it was
// when it was opened last: a file that was away, replaced or mended is simply there the next time.
// A file that does not exist is made, readable for its owner only; one that cannot be written is
// still read. A file of an older version is brought up to date, if it can be written.
class SqliteStore final : public SqlStore {
public:
    explicit SqliteStore(std::string file);

    // How many migrations there are.
    static std::size_t latest_version() noexcept;

    // In one transaction, so that the file is locked and looked at once.
    void read_together(const std::function<void()>& read) override;

protected:
    Opened open_to_read() override;
    Opened open_to_write() override;

private:
    // The file, and the last change of it or of its permissions (ctime of stat(2)).
    using Mark = std::tuple<dev_t, ino_t, time_t, long>;
    std::optional<Mark> mark_now() const;

    std::string file_;
    std::unique_ptr<SqlConnection> connection_;
    bool is_together_ = false;
    std::optional<Mark> mark_; // as it was before connection_ was opened to read; nothing: another
                               // one is to be opened
};

} // namespace astcti::accounts
