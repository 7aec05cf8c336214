// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/accounts/account.hpp"
#include "daemon/ctl/import_legacy.hpp"
#include "daemon/ctl/outcome.hpp"
#include "daemon/ctl/record.hpp"
#include "daemon/ctl/user_commands.hpp"

#include <string>
#include <vector>

namespace astcti::ctl {

struct Options;
using Command = Outcome (*)(const Options&);

// What was asked for on the command line.
struct Options {
    Command command = nullptr;
    std::string config;
    NewUser user;
    accounts::AccountChange change;
    std::vector<std::string> names;
    std::string device;
    accounts::Seat seat;
    ImportOptions import;
    RecordOptions record;
    int password_fd = -1;
    bool json = false;
};

// Throws CLI::ParseError, also for --help and --version.
Options read_options(int argc, const char* const* argv);

} // namespace astcti::ctl
