// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ami/right.hpp"

#include <algorithm>
#include <array>

namespace astcti::ami {
namespace {

struct Row {
    std::string_view name;
    std::string_view write; // what may be done with it
    std::string_view read;  // what is heard by it
};

constexpr std::string_view nothing_of_use = "events that astctid has no use for";

// In the order of Right.
constexpr std::array<Row, static_cast<std::size_t>(Right::count)> rows{{
    {"system", "loads modules, changes the dialplan and stops Asterisk",
     "the registrations of all telephones, and what goes on in Asterisk itself"},
    {"call", "redirects and hangs up anybody's calls and sets their variables", ""},
    {"log", "", nothing_of_use},
    {"verbose", "", nothing_of_use},
    {"command", "runs any command of Asterisk's console", nothing_of_use},
    {"agent", "adds members to queues, removes and pauses them", ""},
    {"user", "sends events that astctid would believe", ""},
    {"config", "reads and rewrites Asterisk's configuration, with all secrets in it",
     nothing_of_use},
    {"dtmf", "", "every key that anybody presses, PINs included"},
    {"reporting", "", "RTCP events, several a second for each call"},
    {"cdr", "", "who called whom, once more"},
    {"dialplan", "",
     "VarSet and Newexten, two thirds of all events; needed only where channelvars= cannot be "
     "had, before Asterisk 1.8"},
    {"originate", "", nothing_of_use},
    {"agi", "", nothing_of_use},
    {"cc", "", nothing_of_use},
    {"aoc", "sends advice of charge", nothing_of_use},
    {"test", "", nothing_of_use},
    {"security", "", "who logs in to Asterisk and from where"},
    {"message", "sends text messages in anybody's name", nothing_of_use},
}};

const Row& row_of(Right right) noexcept {
    return rows[static_cast<std::size_t>(right)];
}

} // namespace

std::string_view name_of(Right right) noexcept {
    return row_of(right).name;
}

std::optional<Right> right_of(std::string_view name) noexcept {
    const auto row = std::ranges::find(rows, name, &Row::name);
    if (row == rows.end())
        return std::nullopt;
    return static_cast<Right>(row - rows.begin());
}

std::optional<Right> right_of_event(std::string_view privilege) noexcept {
    constexpr std::string_view all = ",all";
    if (!privilege.ends_with(all))
        return std::nullopt;
    privilege.remove_suffix(all.size());
    return right_of(privilege);
}

std::string_view privilege_in(std::string_view packet) noexcept {
    constexpr std::string_view key = "\nPrivilege: ";
    const auto line = packet.find('\n');
    if (line == packet.npos || packet.substr(line, key.size()) != key)
        return {};
    const auto value = packet.substr(line + key.size());
    // find_first_of() would ask for each byte anew, and this is done for most of what comes.
    const auto text = value.substr(0, value.find('\n'));
    return text.ends_with('\r') ? text.substr(0, text.size() - 1) : text;
}

std::string_view danger_of_write(Right right) noexcept {
    return row_of(right).write;
}

std::string_view cost_of_read(Right right) noexcept {
    return row_of(right).read;
}

} // namespace astcti::ami
