// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/accounts/account.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace astcti::ctl {

// What becomes of the rows of a table of the original. Each is added, there already, or left out
// for a reason.
struct ImportPlan {
    std::vector<accounts::Account> add;
    std::size_t there = 0;             // by name; left as they are
    std::vector<std::string> left_out; // "anna: why; what to do"
    std::vector<std::string> notes;    // of those that are added or there
};

// `rows` have no user where USERNAME is NULL. Pure.
ImportPlan plan_import(const std::vector<accounts::Account>& rows,
                       const std::vector<accounts::Account>& existing);

} // namespace astcti::ctl
