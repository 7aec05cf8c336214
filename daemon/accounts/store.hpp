// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/accounts/account.hpp"

#include <functional>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace astcti::accounts {

// The database failed: it is away, locked, damaged, read-only. The text says which file or
// server, why, and what to do.
class StoreError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// The server was there a moment ago: asking once more may help.
class ConnectionLost : public StoreError {
public:
    using StoreError::StoreError;
};

// Somebody else has the name, or the device, by now.
class DuplicateKey : public StoreError {
public:
    using StoreError::StoreError;
};

// A text has letters that the character set of the table has not: no row can have it.
class ForeignText : public StoreError {
public:
    using StoreError::StoreError;
};

// One row holds what cannot be; the database is well, and so are the other rows.
class BadRow : public StoreError {
public:
    using StoreError::StoreError;
};

// The accounts, wherever they are kept. Every call may block for a second or so and may throw
// StoreError: the daemon makes them in its worker threads. One object serves one thread at a
// time; two threads take two objects on the same database.
class Store {
public:
    enum class Added {
        done,
        user_exists,
        no_such_user,
        device_taken, // one of the account's is another's, or twice its own
        too_many_devices,
    };

    Store() = default;
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;
    virtual ~Store() = default;

    // Throws if accounts cannot be read now. Makes an empty database ready for use.
    virtual void check() = 0;

    virtual std::optional<Account> find(std::string_view user) = 0;

    // Runs `read`, which reads several times and writes nothing: what each reading has to prepare
    // may be done once for all. Nothing that is read is older than this call.
    virtual void read_together(const std::function<void()>& read) { read(); }

    // In the order of the names.
    virtual std::vector<Account> list() = 0;

    virtual Added add(const Account& account) = 0;

    virtual Added set(std::string_view user, const AccountChange& change) = 0;

    // A further telephone.
    virtual Added add_device(std::string_view user, std::string_view device) = 0;
    // False if the user has no such further telephone.
    virtual bool remove_device(std::string_view user, std::string_view device) = 0;

    // All telephones of all accounts, as their channels are called.
    virtual std::set<std::string> devices() = 0;

    // The desks that have a telephone of their own, in the order of their hosts.
    virtual std::vector<Seat> seats() = 0;
    // Without an extension the seat goes. False if there was nothing to change.
    virtual bool set_seat(std::string_view host, std::string_view extension) = 0;

    // False if the user's secret is not `before` any more.
    virtual bool replace_secret(std::string_view user, std::string_view before,
                                std::string_view after) = 0;

    // False if there is no such user; so has remove(), which takes the devices as well.
    virtual bool set_secret(std::string_view user, std::string_view secret) = 0;
    virtual bool remove(std::string_view user) = 0;
};

} // namespace astcti::accounts
