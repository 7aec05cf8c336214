// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace astcti::ctl {

// What a command has to say on standard output, and the exit code of the program.
struct Outcome {
    std::string text;
    int code = 0;
};

} // namespace astcti::ctl
