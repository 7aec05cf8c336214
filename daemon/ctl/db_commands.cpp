// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ctl/db_commands.hpp"

#include "daemon/ctl/secret_words.hpp"
#include "daemon/ctl/table.hpp"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>

namespace astcti::ctl {
namespace {

std::string secrets_of(const Rows& rows) {
    std::vector<std::string> texts;
    for (const auto& words : secret_words) {
        const auto count = std::ranges::count_if(rows.accounts, [&words](const auto& account) {
            return !account.user.empty() && accounts::kind_of(account.secret) == words.kind;
        });
        if (count > 0)
            texts.push_back(fmt::format("{}: {}", words.name, count));
    }
    return texts.empty() ? "-" : fmt::format("{}", fmt::join(texts, "; "));
}

std::string list(const char* title, const std::vector<std::string>& texts) {
    std::string text;
    for (const auto& line : texts)
        text += "  - " + line + "\n";
    return text.empty() ? text : title + text;
}

} // namespace

Outcome told(const DatabaseState& state) {
    const auto* const rows = state.rows ? &*state.rows : nullptr;
    const auto number = [rows](std::size_t count) {
        return rows ? std::to_string(count) : std::string("cannot be read");
    };
    std::size_t named = 0;
    if (rows)
        named = rows->accounts.size() -
                static_cast<std::size_t>(
                    std::ranges::count(rows->accounts, std::string(), &accounts::Account::user));
    auto text = to_table({
        {"server", state.server},
        {"accounts in", state.place},
        {"tables", fmt::format("version {} of {}", state.version, state.latest_version)},
        {"writable", state.why_not_writable.empty() ? "yes" : "no: " + state.why_not_writable},
        {"accounts", number(named)},
        {"secrets", rows ? secrets_of(*rows) : "-"},
        {"desks", number(rows ? rows->seats : 0)},
    });
    text += list("Worth knowing:\n", state.findings.notes);
    text += list("Wrong:\n", state.findings.faults);
    const bool well = state.findings.faults.empty() && state.why_not_writable.empty();
    return {text + (well ? "Nothing is wrong.\n" : ""), well ? EXIT_SUCCESS : EXIT_FAILURE};
}

Outcome show_status(Database& database) {
    auto state = database.state();
    if (state.rows)
        inspect(*state.rows, state.findings);
    return told(state);
}

Outcome migrate_database(Database& database) {
    const auto steps = database.migrate();
    if (steps == 0)
        return {"the tables are up to date; nothing was changed\n"};
    const auto state = database.state();
    return {fmt::format("brought the tables to version {} of {}\n", state.version,
                        state.latest_version)};
}

} // namespace astcti::ctl
