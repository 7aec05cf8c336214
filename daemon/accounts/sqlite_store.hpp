// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/accounts/store.hpp"

#include <utility>

namespace astcti::accounts {

// Accounts in an SQLite file. Opens it for each call: that costs a fraction of a millisecond
// beside the 20 of a password, and a file that was away, replaced or mended is simply there the
// next time. A file that does not exist is made, readable for its owner only; one that cannot be
// written is still read. A file of an older version is brought up to date, if it can be written.
class SqliteStore final : public Store {
public:
    explicit SqliteStore(std::string file) : file_(std::move(file)) {}

    void check() override;
    std::optional<Account> find(std::string_view user) override;
    std::vector<Account> list() override;
    Added add(const Account& account) override;
    Added add_device(std::string_view user, std::string_view device) override;
    bool remove_device(std::string_view user, std::string_view device) override;
    std::set<std::string> devices() override;
    bool set_secret(std::string_view user, std::string_view secret) override;
    bool remove(std::string_view user) override;

private:
    std::string file_;
};

} // namespace astcti::accounts
