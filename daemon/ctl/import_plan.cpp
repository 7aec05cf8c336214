// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ctl/import_plan.hpp"

#include "daemon/accounts/host.hpp"
#include "daemon/accounts/secret.hpp"
#include "protocol/utf8.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>

namespace astcti::ctl {
namespace {

using accounts::Account;
using Owners = std::map<std::string, std::string, std::less<>>; // of telephones

bool is_storable(const std::string& value) {
    return value.size() <= accounts::max_stored_size && protocol::is_clean_line(value);
}

// The original compared sums by the database, most of which take hex digits of either case.
std::string as_we_write_it(const std::string& secret) {
    auto lower = secret;
    std::ranges::transform(lower, lower.begin(), [](char c) {
        return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return accounts::kind_of(lower) == accounts::SecretKind::plain_md5 ? lower : secret;
}

// Why a row cannot be an account; empty if it can.
std::string why_not(const Account& row, const Owners& owners) {
    if (row.user.empty())
        return fmt::format("(no USERNAME, EXT {}): nobody can log in with it; give it a name",
                           row.extension.empty() ? "none" : protocol::cleaned(row.extension));
    const auto name = protocol::cleaned(row.user);
    if (!is_storable(row.user))
        return name + ": the name is too long, has control characters or is not UTF-8; change it";
    if (!is_storable(row.extension) || !is_storable(row.host))
        return name + ": EXT or HOST is too long, has control characters or is not UTF-8; mend it";
    if (accounts::kind_of(row.secret) == accounts::SecretKind::unusable)
        return name + ": SECRET is no MD5 sum; astctictl user add " + name + " asks for a password";
    const auto owner = owners.find(accounts::device_of_channels(row.extension));
    if (!row.extension.empty() && owner != owners.end())
        return fmt::format("{}: the telephone {} is that of {} already; give one of them another "
                           "EXT",
                           name, protocol::cleaned(row.extension),
                           protocol::cleaned(owner->second));
    return {};
}

void note(const Account& row, ImportPlan& plan) {
    if (accounts::match_host(row.host, "") == accounts::HostMatch::unreadable)
        plan.notes.push_back(protocol::cleaned(row.user) +
                             ": HOST is neither an address nor a network; astctictl user set NAME "
                             "--host ADDRESS");
}

void compare(const Account& row, const Account& existing, ImportPlan& plan) {
    ++plan.there;
    if (row.extension != existing.extension || row.host != existing.host)
        plan.notes.push_back(protocol::cleaned(row.user) +
                             ": was there already with another EXT or HOST, and was left as it is");
}

} // namespace

ImportPlan plan_import(const std::vector<Account>& rows, const std::vector<Account>& existing) {
    ImportPlan plan;
    Owners owners;
    std::map<std::string_view, const Account*> by_name;
    const auto own = [&owners](const std::string& device, const std::string& user) {
        if (!device.empty())
            owners.emplace(accounts::device_of_channels(device), user);
    };
    for (const auto& account : existing) {
        by_name.emplace(account.user, &account);
        own(account.extension, account.user);
        for (const auto& device : account.devices)
            own(device, account.user);
    }
    for (auto row : rows) {
        if (const auto found = by_name.find(row.user); found != by_name.end()) {
            compare(row, *found->second, plan);
            continue;
        }
        row.secret = as_we_write_it(row.secret);
        if (auto why = why_not(row, owners); !why.empty()) {
            plan.left_out.push_back(std::move(why));
            continue;
        }
        note(row, plan);
        own(row.extension, row.user);
        plan.add.push_back(std::move(row));
    }
    return plan;
}

} // namespace astcti::ctl
