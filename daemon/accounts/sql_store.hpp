// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/accounts/sql.hpp"
#include "daemon/accounts/store.hpp"

#include <cstddef>

namespace astcti::accounts {

// How databases differ.
struct SqlDialect {
    // Begins a transaction in which nobody else writes.
    std::string_view begin;
    // A condition with one `?`: the user's name is this one, byte for byte, whatever the
    // collation of the table. It stands beside an ordinary comparison, which has the index.
    std::string_view same_user;
    // The column that tells the order in which rows of cti_device were added.
    std::string_view row_order;
};

// What is the same of the accounts in any SQL database; those who inherit know how to connect and
// to bring the tables up to date.
class SqlStore : public Store {
public:
    void check() override;
    std::optional<Account> find(std::string_view user) override;
    std::vector<Account> list() override;
    std::set<std::string> devices() override;
    std::vector<Seat> seats() override;
    Added add(const Account& account) override;
    Added set(std::string_view user, const AccountChange& change) override;
    Added add_device(std::string_view user, std::string_view device) override;
    bool remove_device(std::string_view user, std::string_view device) override;
    bool set_secret(std::string_view user, std::string_view secret) override;
    bool replace_secret(std::string_view user, std::string_view before,
                        std::string_view after) override;
    bool remove(std::string_view user) override;
    bool set_seat(std::string_view host, std::string_view extension) override;

protected:
    // A connection at work, and how many migrations its database has seen.
    struct Opened {
        SqlConnection& connection;
        std::size_t version;
    };

    explicit SqlStore(const SqlDialect& dialect) : dialect_(dialect) {}

    // Throws StoreError. Valid until the next call.
    virtual Opened open_to_read() = 0;
    // With all tables of this version.
    virtual Opened open_to_write() = 0;

    // The migrations that brought a table.
    static constexpr std::size_t version_with_devices = 2;
    static constexpr std::size_t version_with_seats = 3;

private:
    template <typename Read>
    auto reading(Read read);
    // In one transaction.
    template <typename Write>
    auto writing(Write write);

    // What these check may have changed before they write: then the database says DuplicateKey.
    Added try_to_add(const Account& account);
    Added try_to_set(std::string_view user, const AccountChange& change);
    Added try_to_add_device(std::string_view user, std::string_view device);

    const SqlDialect& dialect_;
};

} // namespace astcti::accounts
