// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ctl/user_commands.hpp"

#include "daemon/accounts/host.hpp"
#include "daemon/accounts/secret.hpp"
#include "daemon/ctl/table.hpp"
#include "protocol/utf8.hpp"

namespace astcti::ctl {
namespace {

using accounts::SecretKind;

const char* name_of(SecretKind kind) noexcept {
    switch (kind) {
    case SecretKind::plain_md5:
        return "bare MD5: set the password again";
    case SecretKind::wrapped_md5:
        return "yescrypt of MD5";
    case SecretKind::native:
        return "yescrypt, native only";
    case SecretKind::unusable:
        return "none that works: set the password";
    }
    return "";
}

std::string no_such_user(const std::string& name) {
    return "there is no account " + protocol::cleaned(name) + "; see astctictl user list";
}

} // namespace

void check(const NewUser& user) {
    if (!accounts::is_new_user(user.name))
        throw UsageError("the name of an account is 1 to " +
                         std::to_string(accounts::max_new_user) +
                         " of the characters A-Z a-z 0-9 . _ @ -");
    if (!accounts::is_new_extension(user.extension))
        throw UsageError(
            "--ext is a telephone as Asterisk calls it, such as PJSIP/201: PJSIP, SIP, "
            "IAX2, SCCP, DAHDI or Local, a slash, and A-Z a-z 0-9 _ . @ / -, at most " +
            std::to_string(accounts::max_new_extension) + " characters");
    if (accounts::match_host(user.host, "") == accounts::HostMatch::unreadable)
        throw UsageError("--host is an address such as 192.168.20.7 or a network such as "
                         "192.168.20.0/24");
}

std::string add_user(accounts::Store& store, const NewUser& user, const PasswordSource& password) {
    check(user);
    const auto exists =
        "there is an account " + user.name + " already; astctictl user passwd changes its password";
    const auto taken =
        "another account has the telephone " + user.extension + "; see astctictl user list";
    // Before a password is asked for; add() has the last word.
    for (const auto& other : store.list()) {
        if (other.user == user.name)
            throw std::runtime_error(exists);
        if (other.extension == user.extension)
            throw std::runtime_error(taken);
    }

    const auto secret = accounts::make_secret(password(user.name), user.native_only);
    switch (store.add({user.name, secret, user.host, user.extension})) {
    case accounts::Store::Added::user_exists:
        throw std::runtime_error(exists);
    case accounts::Store::Added::extension_taken:
        throw std::runtime_error(taken);
    case accounts::Store::Added::done:
        break;
    }
    return "added " + user.name + ", who has the telephone " + user.extension + "\n";
}

std::string list_users(accounts::Store& store) {
    const auto all = store.list();
    if (all.empty())
        return "There are no accounts yet. astctictl user add NAME --ext DEVICE makes one.\n";
    std::vector<Row> rows{{"USER", "EXTENSION", "HOST", "SECRET"}};
    for (const auto& account : all) {
        const bool anywhere = account.host.empty() || account.host == "0.0.0.0";
        rows.push_back({account.user, account.extension.empty() ? "-" : account.extension,
                        anywhere ? "anywhere" : account.host,
                        name_of(accounts::kind_of(account.secret))});
    }
    return to_table(rows);
}

std::string set_password(accounts::Store& store, const std::string& name,
                         const PasswordSource& password) {
    const auto account = store.find(name);
    if (!account)
        throw std::runtime_error(no_such_user(name));
    // Who is for the native dialect only stays so.
    const bool native_only = accounts::kind_of(account->secret) == SecretKind::native;
    const auto secret = accounts::make_secret(password(protocol::cleaned(name)), native_only);
    if (!store.set_secret(name, secret))
        throw std::runtime_error(no_such_user(name));
    return "changed the password of " + protocol::cleaned(name) + "\n";
}

std::string remove_user(accounts::Store& store, const std::string& name) {
    if (!store.remove(name))
        throw std::runtime_error(no_such_user(name));
    return "removed " + protocol::cleaned(name) + "\n";
}

} // namespace astcti::ctl
