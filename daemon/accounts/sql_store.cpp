// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/accounts/sql_store.hpp"

#include <algorithm>
#include <map>

namespace astcti::accounts {
namespace {

// Rows of cti_device with this KIND are further telephones; `dial_kind` is what rings when the
// person dials.
constexpr std::string_view device_kind;
constexpr std::string_view dial_kind = "dial";

struct Telephones {
    std::vector<std::string> devices;
    std::string dial;
};
using TelephonesOfUsers = std::map<std::string, Telephones, std::less<>>;

// Accounts may have been removed by other programs, which do not know the table.
constexpr std::string_view remove_of_nobody =
    "DELETE FROM cti_device WHERE NOT EXISTS "
    "(SELECT 1 FROM cti WHERE cti.USERNAME = cti_device.USERNAME)";

class Tables {
public:
    Tables(SqlConnection& connection, std::size_t version, const SqlDialect& dialect)
        : connection_(connection), version_(version), dialect_(dialect) {}

    std::optional<Account> account(std::string_view user) {
        try {
            return read_account(user);
        } catch (const ForeignText&) {
            return std::nullopt;
        }
    }

    std::vector<Account> accounts() {
        auto telephones = telephones_of({});
        std::vector<Account> found;
        for (const auto& row : connection_.query(
                 "SELECT USERNAME, SECRET, HOST, EXT FROM cti WHERE USERNAME IS NOT NULL")) {
            auto& account = found.emplace_back(account_of(row));
            account.devices = std::move(telephones[account.user].devices);
            account.dial = std::move(telephones[account.user].dial);
        }
        std::ranges::sort(found, {}, &Account::user);
        return found;
    }

    // Not a comparison by SQL: one device may be written in two ways.
    std::set<std::string> devices() {
        std::set<std::string> all;
        for (const auto& row : connection_.query("SELECT EXT FROM cti WHERE EXT <> ''"))
            all.emplace(device_of_channels(row[0]));
        for (const auto& [user, telephones] : telephones_of({}))
            for (const auto& device : telephones.devices)
                all.emplace(device_of_channels(device));
        return all;
    }

    std::vector<Seat> seats() {
        std::vector<Seat> found;
        if (version_ < 3)
            return found;
        for (const auto& row : connection_.query("SELECT HOST, EXT FROM cti_seat ORDER BY HOST"))
            found.push_back({checked(row[0]), checked(row[1])});
        return found;
    }

    void insert_device(std::string_view user, std::string_view device, std::string_view kind) {
        connection_.execute("INSERT INTO cti_device (USERNAME, DEVICE, KIND) VALUES (?, ?, ?)",
                            {user, device, kind});
    }

    void set_dial(std::string_view user, std::string_view dial) {
        connection_.execute(and_same("DELETE FROM cti_device WHERE KIND = 'dial' AND USERNAME = ?"),
                            {user, user});
        if (!dial.empty())
            insert_device(user, dial, dial_kind);
    }

    // Whether it is a telephone of an account; one that is nobody's any more is free then. By the
    // index: however many accounts there are.
    bool is_taken(std::string_view device) {
        device = device_of_channels(device);
        constexpr std::string_view local = "Local/"; // one such device is written in many ways
        const bool is_local = device.starts_with(local);
        const auto asked = is_local ? std::string(local) + "%" : std::string(device);
        const std::string like = is_local ? " LIKE ?" : " = ?";
        const auto is_in = [&](const std::string& sql) {
            return std::ranges::any_of(connection_.query(sql, {asked}), [&](const SqlRow& row) {
                return device_of_channels(row[0]) == device;
            });
        };
        connection_.execute(std::string(remove_of_nobody) + " AND DEVICE" + like, {asked});
        return is_in("SELECT EXT FROM cti WHERE EXT" + like) ||
               is_in("SELECT DEVICE FROM cti_device WHERE KIND = '' AND DEVICE" + like);
    }

    // For a user that is not there yet.
    void remove_devices_left_by(std::string_view user) {
        connection_.execute(std::string(remove_of_nobody) + " AND USERNAME = ?", {user});
    }

    void remove_devices_of_nobody() { connection_.run_script(remove_of_nobody); }

    // For a statement that ends with a comparison of USERNAME; the user is bound twice.
    std::string and_same(std::string_view sql) const {
        return std::string(sql) + " AND " + std::string(dialect_.same_user);
    }

private:
    const std::string& checked(const std::string& value) const {
        if (value.size() > max_stored_size)
            throw BadRow(connection_.place() + ": a row has a value of " +
                         std::to_string(value.size()) + " bytes, of which " +
                         std::to_string(max_stored_size) + " are allowed; mend or remove it");
        return value;
    }

    Account account_of(const SqlRow& row) const {
        return {checked(row[0]), checked(row[1]), checked(row[2]), checked(row[3])};
    }

    // Both tables are asked also for a user that does not exist: the time that takes must not tell.
    std::optional<Account> read_account(std::string_view user) {
        const auto rows = connection_.query(
            "SELECT USERNAME, SECRET, HOST, EXT FROM cti WHERE USERNAME = ?", {user});
        auto telephones = telephones_of(user);
        // The collation of the table may find others as well: "Admin", "admin ".
        for (const auto& row : rows) {
            if (row[0] != user)
                continue;
            auto account = account_of(row);
            account.devices = std::move(telephones[account.user].devices);
            account.dial = std::move(telephones[account.user].dial);
            return account;
        }
        return std::nullopt;
    }

    // Of one user, or of all, in the order in which they were added.
    TelephonesOfUsers telephones_of(SqlValue user) {
        TelephonesOfUsers found;
        if (version_ < 2)
            return found;
        const std::string kind = version_ < 3 ? "''" : "KIND";
        const auto sql = "SELECT USERNAME, DEVICE, " + kind + " FROM cti_device" +
                         (user ? " WHERE USERNAME = ?" : "") + " ORDER BY " +
                         std::string(dialect_.row_order);
        for (const auto& row : user ? connection_.query(sql, {user}) : connection_.query(sql)) {
            auto& own = found[row[0]];
            if (row[2] == dial_kind)
                own.dial = checked(row[1]);
            else if (row[2] == device_kind && own.devices.size() < max_devices)
                own.devices.push_back(checked(row[1]));
        }
        return found;
    }

    SqlConnection& connection_;
    std::size_t version_;
    const SqlDialect& dialect_;
};

} // namespace

// Once more if the connection was lost, as one is that was idle for long, or whose server was
// restarted: reading twice does no harm.
template <typename Read>
auto SqlStore::reading(Read read) {
    const auto once = [&] {
        const auto [connection, version] = open_to_read();
        return read(Tables(connection, version, dialect_));
    };
    try {
        return once();
    } catch (const ConnectionLost&) {
        return once();
    }
}

template <typename Write>
auto SqlStore::writing(Write write) {
    const auto [connection, version] = open_to_write();
    SqlTransaction transaction(connection, dialect_.begin);
    auto result = write(Tables(connection, version, dialect_), connection);
    transaction.commit();
    return result;
}

void SqlStore::check() {
    open_to_read().connection.query("SELECT USERNAME, SECRET, HOST, EXT FROM cti LIMIT 1");
}

std::optional<Account> SqlStore::find(std::string_view user) {
    return reading([&](Tables tables) { return tables.account(user); });
}

std::vector<Account> SqlStore::list() {
    return reading([&](Tables tables) { return tables.accounts(); });
}

std::set<std::string> SqlStore::devices() {
    return reading([&](Tables tables) { return tables.devices(); });
}

std::vector<Seat> SqlStore::seats() {
    return reading([&](Tables tables) { return tables.seats(); });
}

Store::Added SqlStore::add(const Account& account) {
    if (account.devices.size() > max_devices)
        return Added::too_many_devices;
    try {
        return try_to_add(account);
    } catch (const DuplicateKey&) {
        // Somebody was quicker, or the collation takes two devices for the same.
        return find(account.user) ? Added::user_exists : Added::device_taken;
    }
}

Store::Added SqlStore::try_to_add(const Account& account) {
    return writing([&](Tables tables, SqlConnection& connection) {
        tables.remove_devices_left_by(account.user);
        // Names that the table's collation takes for the same are: UNIQUE says so.
        if (!connection.query("SELECT 1 FROM cti WHERE USERNAME = ?", {account.user}).empty())
            return Added::user_exists;
        std::set<std::string_view> own;
        const auto is_free = [&](std::string_view device) {
            return device.empty() ||
                   (own.insert(device_of_channels(device)).second && !tables.is_taken(device));
        };
        if (!is_free(account.extension) || !std::ranges::all_of(account.devices, is_free))
            return Added::device_taken;
        connection.execute("INSERT INTO cti (USERNAME, SECRET, HOST, EXT) VALUES (?, ?, ?, ?)",
                           {account.user, account.secret, text_or_null(account.host),
                            text_or_null(account.extension)});
        for (const auto& device : account.devices)
            tables.insert_device(account.user, device, device_kind);
        tables.set_dial(account.user, account.dial);
        return Added::done;
    });
}

Store::Added SqlStore::set(std::string_view user, const AccountChange& change) {
    try {
        return try_to_set(user, change);
    } catch (const DuplicateKey&) {
        return Added::device_taken;
    }
}

Store::Added SqlStore::try_to_set(std::string_view user, const AccountChange& change) {
    return writing([&](Tables tables, SqlConnection& connection) {
        const auto account = tables.account(user);
        if (!account)
            return Added::no_such_user;
        const auto& extension = change.extension;
        if (extension && !extension->empty() &&
            device_of_channels(*extension) != device_of_channels(account->extension) &&
            tables.is_taken(*extension))
            return Added::device_taken;
        if (extension)
            connection.execute(tables.and_same("UPDATE cti SET EXT = ? WHERE USERNAME = ?"),
                               {text_or_null(*extension), user, user});
        if (change.host)
            connection.execute(tables.and_same("UPDATE cti SET HOST = ? WHERE USERNAME = ?"),
                               {text_or_null(*change.host), user, user});
        if (change.dial)
            tables.set_dial(user, *change.dial);
        return Added::done;
    });
}

Store::Added SqlStore::add_device(std::string_view user, std::string_view device) {
    try {
        return try_to_add_device(user, device);
    } catch (const DuplicateKey&) {
        return Added::device_taken;
    }
}

Store::Added SqlStore::try_to_add_device(std::string_view user, std::string_view device) {
    return writing([&](Tables tables, SqlConnection&) {
        const auto account = tables.account(user);
        if (!account)
            return Added::no_such_user;
        if (tables.is_taken(device))
            return Added::device_taken;
        if (account->devices.size() >= max_devices)
            return Added::too_many_devices;
        tables.insert_device(user, device, device_kind);
        return Added::done;
    });
}

bool SqlStore::remove_device(std::string_view user, std::string_view device) {
    return writing([&](Tables tables, SqlConnection& connection) {
        const auto account = tables.account(user);
        bool removed = false;
        for (const auto& own : account ? account->devices : std::vector<std::string>{}) {
            if (device_of_channels(own) != device_of_channels(device))
                continue;
            connection.execute(
                tables.and_same(
                    "DELETE FROM cti_device WHERE DEVICE = ? AND KIND = '' AND USERNAME = ?"),
                {own, user, user});
            removed = true;
        }
        return removed;
    });
}

bool SqlStore::set_secret(std::string_view user, std::string_view secret) {
    return writing([&](Tables tables, SqlConnection& connection) {
        if (!tables.account(user))
            return false;
        connection.execute(tables.and_same("UPDATE cti SET SECRET = ? WHERE USERNAME = ?"),
                           {secret, user, user});
        return true;
    });
}

bool SqlStore::replace_secret(std::string_view user, std::string_view before,
                              std::string_view after) {
    return writing([&](Tables tables, SqlConnection& connection) {
        return tables.account(user) &&
               connection.execute(
                   tables.and_same("UPDATE cti SET SECRET = ? WHERE SECRET = ? AND USERNAME = ?"),
                   {after, before, user, user}) > 0;
    });
}

bool SqlStore::remove(std::string_view user) {
    return writing([&](Tables tables, SqlConnection& connection) {
        const bool known = tables.account(user).has_value();
        if (known)
            connection.execute(tables.and_same("DELETE FROM cti WHERE USERNAME = ?"), {user, user});
        tables.remove_devices_of_nobody();
        return known;
    });
}

bool SqlStore::set_seat(std::string_view host, std::string_view extension) {
    return writing([&](const Tables&, SqlConnection& connection) {
        bool changed = connection.execute("DELETE FROM cti_seat WHERE HOST = ?", {host}) > 0;
        if (!extension.empty())
            changed = connection.execute("INSERT INTO cti_seat (HOST, EXT) VALUES (?, ?)",
                                         {host, extension}) > 0;
        return changed;
    });
}

} // namespace astcti::accounts
