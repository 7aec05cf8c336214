// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/accounts/account.hpp"
#include "daemon/ctl/schema.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace astcti::ctl {

// So many names are said of those that something is wrong with.
inline constexpr std::size_t max_names_told = 10;

// The rows of the tables, as other programs may have left them: without a name, twice.
struct Rows {
    std::vector<accounts::Account> accounts;
    std::size_t seats = 0;
};

// "anna, berta and 3 more", fit for a terminal.
std::string names_told(const std::vector<std::string>& names);

// What is wrong with rows, and how to mend it. Pure.
void inspect(const Rows& rows, Findings& findings);

} // namespace astcti::ctl
