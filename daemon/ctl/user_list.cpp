// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ctl/user_list.hpp"

#include "daemon/ctl/json.hpp"
#include "daemon/ctl/secret_words.hpp"
#include "daemon/ctl/table.hpp"
#include "daemon/ctl/user_commands.hpp"

#include <fmt/format.h>

namespace astcti::ctl {
namespace {

using accounts::Account;

std::string json_of(const Account& account) {
    std::vector<std::string> devices;
    for (const auto& device : account.devices)
        devices.push_back(json_text(device));
    return json_object({{"user", json_text(account.user)},
                        {"extension", json_text_or_null(account.extension)},
                        {"devices", json_array(devices)},
                        {"dial", json_text_or_null(account.dial)},
                        {"host", json_text_or_null(account.host)},
                        {"secret", json_text(words_of(account.secret).json)}});
}

std::string host_of(const Account& account) {
    return account.host.empty() || account.host == "0.0.0.0" ? "anywhere" : account.host;
}

// The one that rings when the person dials first.
std::string devices_of(const Account& account) {
    auto devices = account.devices;
    if (!account.extension.empty())
        devices.insert(devices.begin(), account.extension);
    return devices.empty() ? "-" : fmt::format("{}", fmt::join(devices, ","));
}

std::string secret_of(const Account& account) {
    const auto& words = words_of(account.secret);
    return std::string(words.name) + (*words.advice ? ": " : "") + words.advice;
}

} // namespace

std::string list_users(accounts::Store& store, bool json) {
    const auto all = store.list();
    if (json) {
        std::vector<std::string> values;
        values.reserve(all.size());
        for (const auto& account : all)
            values.push_back(json_of(account));
        return json_lines(values);
    }
    if (all.empty())
        return "There are no accounts yet. astctictl user add NAME --ext DEVICE makes one.\n";
    std::vector<Row> rows{{"USER", "DEVICES", "DIALS BY", "HOST", "SECRET"}};
    for (const auto& account : all)
        rows.push_back({account.user, devices_of(account),
                        account.dial.empty() ? "-" : account.dial, host_of(account),
                        secret_of(account)});
    return to_table(rows);
}

std::string show_user(accounts::Store& store, const std::string& name, bool json) {
    const auto account = store.find(name);
    if (!account)
        throw std::runtime_error(no_such_user(name));
    if (json)
        return json_of(*account) + "\n";
    const auto devices = fmt::format("{}", fmt::join(account->devices, ", "));
    return to_table({{"user", account->user},
                     {"telephone", account->extension.empty() ? "that of the desk, if it has one"
                                                              : account->extension},
                     {"further ones", devices.empty() ? "none" : devices},
                     {"dials by", account->dial.empty() ? "the telephone" : account->dial},
                     {"logs in from", host_of(*account)},
                     {"secret", secret_of(*account)}});
}

} // namespace astcti::ctl
