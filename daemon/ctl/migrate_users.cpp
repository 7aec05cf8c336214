// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ctl/migrate_users.hpp"

#include "daemon/accounts/secret.hpp"
#include "daemon/ctl/progress.hpp"
#include "daemon/ctl/user_commands.hpp"
#include "protocol/utf8.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace astcti::ctl {
namespace {

using accounts::Account;
using accounts::SecretKind;

struct Sorted {
    std::vector<Account> bare;
    std::size_t wrapped = 0;
    std::size_t native = 0;
    std::vector<std::string> unusable;
};

std::vector<Account> chosen(accounts::Store& store, const std::vector<std::string>& names) {
    if (names.empty())
        return store.list();
    std::vector<Account> found;
    for (const auto& name : names) {
        auto account = store.find(name);
        if (!account)
            throw std::runtime_error(no_such_user(name));
        if (std::ranges::find(found, name, &Account::user) == found.end())
            found.push_back(std::move(*account));
    }
    return found;
}

Sorted sorted(std::vector<Account> all) {
    Sorted result;
    for (auto& account : all) {
        switch (accounts::kind_of(account.secret)) {
        case SecretKind::plain_md5:
            result.bare.push_back(std::move(account));
            break;
        case SecretKind::wrapped_md5:
            ++result.wrapped;
            break;
        case SecretKind::native:
            ++result.native;
            break;
        case SecretKind::unusable:
            result.unusable.push_back(protocol::cleaned(account.user));
            break;
        }
    }
    return result;
}

std::string stopped(const char* why, std::size_t wrapped, std::size_t total) {
    return fmt::format("{}; {} of {} secrets were wrapped before that and stay so, the same "
                       "command goes on with the rest",
                       why, wrapped, total);
}

} // namespace

std::string migrate_users(accounts::Store& store, const std::vector<std::string>& names,
                          const Interrupt& interrupt) {
    const auto secrets = sorted(chosen(store, names));
    const auto total = secrets.bare.size();
    std::size_t wrapped = 0;
    std::size_t changed = 0; // by somebody else meanwhile: a new password, or the daemon
    try {
        Progress progress("wrapping secrets", total);
        for (const auto& account : secrets.bare) {
            if (interrupt.came())
                throw Interrupted(stopped("stopped", wrapped, total));
            progress.at(wrapped + changed);
            const auto after = accounts::wrap_md5(account.secret);
            ++(store.replace_secret(account.user, account.secret, after) ? wrapped : changed);
        }
    } catch (const accounts::StoreError& error) {
        throw accounts::StoreError(stopped(error.what(), wrapped, total));
    }

    auto text = fmt::format("wrapped {}; were wrapped already {}; native {}; unusable {}\n",
                            wrapped, secrets.wrapped, secrets.native, secrets.unusable.size());
    if (changed > 0)
        text += fmt::format("{} changed or went meanwhile, and were left alone\n", changed);
    for (const auto& name : secrets.unusable)
        text += fmt::format("{0} cannot log in: astctictl user passwd {0}\n", name);
    return text;
}

} // namespace astcti::ctl
