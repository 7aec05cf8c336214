// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ctl/user_commands.hpp"

#include "daemon/accounts/host.hpp"
#include "daemon/accounts/secret.hpp"
#include "protocol/utf8.hpp"

#include <algorithm>

namespace astcti::ctl {
namespace {

using accounts::SecretKind;

std::string too_many_devices() {
    return "an account has at most " + std::to_string(accounts::max_devices) +
           " further telephones";
}

bool has_device(const accounts::Account& account, std::string_view device) {
    const auto is_it = [device](std::string_view own) {
        return !own.empty() &&
               accounts::device_of_channels(own) == accounts::device_of_channels(device);
    };
    return is_it(account.extension) || std::ranges::any_of(account.devices, is_it);
}

std::string taken(const std::string& device) {
    return "an account has the telephone " + device + " already; see astctictl user list";
}

// A telephone of the new user that somebody has, or that is given twice; else empty.
std::string taken_device(const NewUser& user, const std::vector<accounts::Account>& others) {
    accounts::Account own;
    auto wanted = user.devices;
    if (!user.extension.empty())
        wanted.insert(wanted.begin(), user.extension);
    for (const auto& device : wanted) {
        if (has_device(own, device) ||
            std::ranges::any_of(others, [&](const auto& o) { return has_device(o, device); }))
            return device;
        own.devices.push_back(device);
    }
    return {};
}

// The one that rings when the person dials first.
std::string all_devices(std::string text, const std::vector<std::string>& further) {
    for (const auto& device : further)
        text += (text.empty() ? "" : ",") + device;
    return text;
}

void check_host(const std::string& host) {
    if (accounts::match_host(host, "") == accounts::HostMatch::unreadable)
        throw UsageError("--host is an address such as 192.168.20.7 or a network such as "
                         "192.168.20.0/24");
}

} // namespace

std::string no_such_user(const std::string& name) {
    return "there is no account " + protocol::cleaned(name) + "; see astctictl user list";
}

void check_device(const std::string& option, const std::string& device) {
    if (!accounts::is_new_extension(device))
        throw UsageError(
            option +
            " is a telephone as Asterisk calls it, such as PJSIP/201: PJSIP, SIP, "
            "IAX2, SCCP, DAHDI or Local, a slash, and A-Z a-z 0-9 _ . @ / -, at most " +
            std::to_string(accounts::max_new_extension) + " characters");
}

void check(const NewUser& user) {
    if (!accounts::is_new_user(user.name))
        throw UsageError("the name of an account is 1 to " +
                         std::to_string(accounts::max_new_user) +
                         " of the characters A-Z a-z 0-9 . _ @ -");
    if (!user.extension.empty())
        check_device("--ext", user.extension);
    if (!user.dial.empty())
        check_device("--dial", user.dial);
    for (const auto& device : user.devices)
        check_device("--device", device);
    if (user.devices.size() > accounts::max_devices)
        throw UsageError(too_many_devices());
    check_host(user.host);
}

void check(const accounts::AccountChange& change) {
    if (!change.extension && !change.host && !change.dial)
        throw UsageError("say what to change: --ext, --host or --dial; \"\" takes it away");
    if (change.extension && !change.extension->empty())
        check_device("--ext", *change.extension);
    if (change.dial && !change.dial->empty())
        check_device("--dial", *change.dial);
    if (change.host)
        check_host(*change.host);
}

std::string add_user(accounts::Store& store, const NewUser& user, const PasswordSource& password) {
    check(user);
    const auto exists =
        "there is an account " + user.name + " already; astctictl user passwd changes its password";
    // Before a password is asked for; add() has the last word.
    const auto others = store.list();
    if (std::ranges::find(others, user.name, &accounts::Account::user) != others.end())
        throw std::runtime_error(exists);
    if (const auto device = taken_device(user, others); !device.empty())
        throw std::runtime_error(taken(device));

    const auto secret = accounts::make_secret(password(user.name), user.native_only);
    const auto added =
        store.add({user.name, secret, user.host, user.extension, user.devices, user.dial});
    if (added == accounts::Store::Added::user_exists)
        throw std::runtime_error(exists);
    if (added != accounts::Store::Added::done)
        throw std::runtime_error(
            taken(user.extension.empty() ? user.devices.at(0) : user.extension));
    const auto devices = all_devices(user.extension, user.devices);
    return "added " + user.name +
           (devices.empty() ? ", who has the telephone of the desk (astctictl seat)\n"
                            : ", who has the telephone " + devices + "\n");
}

std::string set_user(accounts::Store& store, const std::string& name,
                     const accounts::AccountChange& change) {
    using Added = accounts::Store::Added;
    check(change);
    switch (store.set(name, change)) {
    case Added::no_such_user:
        throw std::runtime_error(no_such_user(name));
    case Added::device_taken:
    case Added::user_exists:
    case Added::too_many_devices:
        throw std::runtime_error(taken(change.extension.value_or("")));
    case Added::done:
        break;
    }
    return "changed " + protocol::cleaned(name) + "\n";
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

std::string add_device(accounts::Store& store, const std::string& user, const std::string& device) {
    using Added = accounts::Store::Added;
    check_device("DEVICE", device);
    switch (store.add_device(user, device)) {
    case Added::no_such_user:
        throw std::runtime_error(no_such_user(user));
    case Added::too_many_devices:
        throw std::runtime_error(too_many_devices());
    case Added::user_exists:
    case Added::device_taken:
        throw std::runtime_error(taken(device));
    case Added::done:
        break;
    }
    return protocol::cleaned(user) + " has the telephone " + device + " as well\n";
}

std::string remove_device(accounts::Store& store, const std::string& user,
                          const std::string& device) {
    if (!store.remove_device(user, device))
        throw std::runtime_error(protocol::cleaned(user) + " has no further telephone " +
                                 protocol::cleaned(device) + "; see astctictl user list");
    return protocol::cleaned(user) + " has not the telephone " + protocol::cleaned(device) +
           " any more\n";
}

std::string remove_user(accounts::Store& store, const std::string& name) {
    if (!store.remove(name))
        throw std::runtime_error(no_such_user(name));
    return "removed " + protocol::cleaned(name) + "\n";
}

} // namespace astcti::ctl
