// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ctl/import_legacy.hpp"

#include "daemon/accounts/secret.hpp"
#include "daemon/ctl/import_plan.hpp"
#include "daemon/ctl/password.hpp"
#include "daemon/ctl/progress.hpp"
#include "daemon/ctl/usage_error.hpp"
#include "protocol/utf8.hpp"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>

namespace astcti::ctl {
namespace {

using accounts::Account;
using accounts::SecretKind;
using accounts::Store;

bool is_this_machine(const accounts::MysqlServer& server) {
    return !server.socket.empty() || server.host == "localhost" || server.host == "::1" ||
           server.host.starts_with("127.");
}

// The connection's own advice is about <database> of the configuration.
std::string without_advice(const std::string& text) {
    return text.substr(0, text.rfind("; "));
}

bool is_bare(const Account& account) {
    return accounts::kind_of(account.secret) == SecretKind::plain_md5;
}

std::string stopped(const char* why, std::size_t added, std::size_t total) {
    return fmt::format("{}; {} of {} accounts were added before that and stay so, the same command "
                       "goes on with the rest",
                       why, added, total);
}

// Of one that the plan let pass; empty if it was added.
std::string add(Store& store, Account account, bool wrap) {
    if (wrap && is_bare(account))
        account.secret = accounts::wrap_md5(account.secret);
    const auto name = protocol::cleaned(account.user);
    try {
        switch (store.add(account)) {
        case Store::Added::done:
            return {};
        case Store::Added::device_taken:
            return name + ": the database takes its EXT for that of another account";
        case Store::Added::user_exists:
        case Store::Added::no_such_user:
        case Store::Added::too_many_devices:
            break;
        }
        return name + ": the database takes the name for that of another account; change it";
    } catch (const accounts::ForeignText&) {
        return name + ": the character set of the table has not its letters; convert it to utf8mb4";
    }
}

std::string told(const ImportPlan& plan, std::size_t added, std::size_t bare) {
    auto text = fmt::format("added {}; were there already {}; left out {}\n", added, plan.there,
                            plan.left_out.size());
    if (bare > 0)
        text += fmt::format("{} have a bare MD5, and whoever reads it can log in: astctictl user "
                            "migrate, when the original does not run any more\n",
                            bare);
    for (const auto& line : plan.notes)
        text += "note: " + line + "\n";
    for (const auto& line : plan.left_out)
        text += "left out: " + line + "\n";
    return text;
}

} // namespace

void check(const ImportOptions& options) {
    if (options.from.host.empty() || options.from.database.empty() || options.from.user.empty())
        throw UsageError("--from-host, --from-database and --from-user say where the table of the "
                         "original is; none of them may be empty");
}

std::vector<Account> read_legacy(const ImportOptions& options) {
    auto from = options.from;
    const bool in_clear = from.ca_file.empty() && (is_this_machine(from) || options.insecure);
    from.tls = in_clear ? accounts::MysqlServer::Tls::off : accounts::MysqlServer::Tls::verify;
    from.password = server_password(from.user, options.password_fd);
    try {
        accounts::MysqlConnection connection(from);
        std::vector<Account> rows;
        for (auto& row : connection.query("SELECT USERNAME, SECRET, HOST, EXT FROM cti"))
            rows.push_back({row[0], row[1], row[2], row[3]});
        return rows;
    } catch (const accounts::StoreError& error) {
        throw std::runtime_error("nothing was imported from " + without_advice(error.what()) +
                                 "; check the options --from-... and that this user may read "
                                 "USERNAME, SECRET, HOST and EXT of the table cti");
    }
}

Outcome import_legacy(Store& store, const std::vector<Account>& rows, bool wrap,
                      const Interrupt& interrupt) {
    auto plan = plan_import(rows, store.list());
    const auto total = plan.add.size();
    std::size_t done = 0;
    std::size_t added = 0;
    std::size_t bare = 0;
    try {
        Progress progress("importing accounts", total);
        for (auto& account : plan.add) {
            if (interrupt.came())
                throw Interrupted(stopped("stopped", added, total));
            progress.at(done++);
            const bool stays_bare = is_bare(account) && !wrap;
            if (auto why = add(store, std::move(account), wrap); !why.empty()) {
                plan.left_out.push_back(std::move(why));
                continue;
            }
            ++added;
            bare += stays_bare ? 1U : 0U;
        }
    } catch (const accounts::StoreError& error) {
        throw accounts::StoreError(stopped(error.what(), added, total));
    }
    return {told(plan, added, bare), plan.left_out.empty() ? EXIT_SUCCESS : EXIT_FAILURE};
}

} // namespace astcti::ctl
