// SPDX-License-Identifier: GPL-3.0-or-later
// What accounts are told of a script, in the lines of astctid --replay.
#pragma once

#include "daemon/replay.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace astcti::test {

// A user, then his devices.
using Accounts = std::vector<std::pair<std::string, std::vector<std::string>>>;

// `left`: legs and calls that there are at the end.
struct Told {
    std::string lines;
    std::size_t left = 0;
};

inline Told told(const Accounts& accounts, std::string_view script, ReplayOptions options = {}) {
    Replay replay(std::move(options));
    for (const auto& [user, devices] : accounts)
        replay.add_account(user, devices);
    Told result;
    replay.run(script, result.lines);
    result.left = replay.size();
    return result;
}

} // namespace astcti::test
