// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/replay.hpp"

#include <string>
#include <vector>

namespace astcti {

// What the command line of astctid --replay says.
struct ReplayCommand {
    std::string file;                  // "-" is standard input
    std::vector<std::string> accounts; // NAME, or NAME=DEVICE,DEVICE…
    std::string config_file;           // whose database has the devices of a bare NAME
    ReplayOptions options;
};

// Prints what the accounts would have been told. Returns the exit code; says on standard error
// what is wrong with the command line or the file.
int replay(const ReplayCommand& command);

} // namespace astcti
