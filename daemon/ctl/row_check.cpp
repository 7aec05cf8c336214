// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ctl/row_check.hpp"

#include "daemon/accounts/host.hpp"
#include "daemon/accounts/secret.hpp"
#include "protocol/utf8.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>

namespace astcti::ctl {
namespace {

using accounts::Account;
using Names = std::vector<std::string>;

template <typename Predicate>
Names names_of(const Rows& rows, Predicate predicate) {
    Names names;
    for (const auto& account : rows.accounts)
        if (!account.user.empty() && predicate(account))
            names.push_back(account.user);
    return names;
}

bool is_too_long(const Account& account) {
    return std::ranges::any_of(
        std::array{&account.user, &account.secret, &account.host, &account.extension},
        [](const std::string* value) { return value->size() > accounts::max_stored_size; });
}

// Names that a person takes for the same: `Admin` and `admin `.
std::string as_it_looks(const std::string& name) {
    std::string folded;
    for (const char c : name)
        if (c != ' ')
            folded += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return folded;
}

void inspect_names(const Rows& rows, Findings& findings) {
    const auto without = std::ranges::count(rows.accounts, std::string(), &Account::user);
    if (without > 0)
        findings.faults.push_back(fmt::format("{} rows of cti have no USERNAME, so that nobody can "
                                              "log in with them; give them one, or remove them",
                                              without));
    std::map<std::string, Names> alike;
    for (const auto& account : rows.accounts)
        if (!account.user.empty())
            alike[as_it_looks(account.user)].push_back('"' + account.user + '"');
    for (const auto& [look, names] : alike)
        if (names.size() > 1)
            findings.faults.push_back(names_told(names) + " look alike, and are accounts of their "
                                                          "own; rename or remove all but one");
}

void inspect_telephones(const Rows& rows, Findings& findings) {
    std::map<std::string, Names> owners;
    for (const auto& account : rows.accounts) {
        auto devices = account.devices;
        devices.push_back(account.extension);
        for (const auto& device : devices)
            if (!device.empty())
                owners[std::string(accounts::device_of_channels(device))].push_back(account.user);
    }
    for (const auto& [device, names] : owners)
        if (names.size() > 1)
            findings.faults.push_back(
                fmt::format("the telephone {} is that of {}; take it from all but one by astctictl "
                            "user set NAME --ext DEVICE",
                            protocol::cleaned(device), names_told(names)));

    const auto none = names_of(rows, [](const Account& a) { return a.extension.empty(); });
    if (none.empty())
        return;
    if (rows.seats == 0)
        findings.faults.push_back(names_told(none) +
                                  ": no EXT, and no desk has a telephone, so no calls are told; "
                                  "astctictl user set NAME --ext DEVICE, or astctictl seat set");
    else
        findings.notes.push_back(names_told(none) + ": no EXT, so only calls of the desk are told");
}

void inspect_hosts(const Rows& rows, Findings& findings) {
    const auto names = names_of(rows, [](const Account& account) {
        return accounts::match_host(account.host, "") == accounts::HostMatch::unreadable;
    });
    if (!names.empty())
        findings.faults.push_back(names_told(names) +
                                  ": HOST is neither an address nor a network; astctictl user set "
                                  "NAME --host ADDRESS");
}

void inspect_secrets(const Rows& rows, Findings& findings) {
    const auto of_kind = [&rows](accounts::SecretKind kind) {
        return names_of(rows, [kind](const Account& account) {
            return accounts::kind_of(account.secret) == kind;
        });
    };
    if (const auto names = of_kind(accounts::SecretKind::unusable); !names.empty())
        findings.faults.push_back(names_told(names) +
                                  ": SECRET is none, so that they cannot log in; astctictl user "
                                  "passwd NAME");
    if (const auto names = of_kind(accounts::SecretKind::plain_md5); !names.empty())
        findings.notes.push_back(names_told(names) +
                                 ": SECRET is a bare MD5, and whoever reads it can log in; "
                                 "astctictl user migrate");
}

} // namespace

std::string names_told(const Names& names) {
    const auto shown = std::min(names.size(), max_names_told);
    std::string text;
    for (std::size_t i = 0; i < shown; ++i) {
        const bool last = i + 1 == names.size();
        text += i == 0 ? "" : last ? " and " : ", ";
        text += names[i].empty() ? "(no name)" : protocol::cleaned(names[i]);
    }
    return names.size() > shown ? text + fmt::format(" and {} more", names.size() - shown) : text;
}

void inspect(const Rows& rows, Findings& findings) {
    const auto too_long = names_of(rows, is_too_long);
    if (!too_long.empty())
        findings.faults.push_back(
            fmt::format("{}: a value has more than {} bytes, so that accounts cannot be listed; "
                        "shorten it",
                        names_told(too_long), accounts::max_stored_size));
    inspect_names(rows, findings);
    inspect_telephones(rows, findings);
    inspect_hosts(rows, findings);
    inspect_secrets(rows, findings);
}

} // namespace astcti::ctl
