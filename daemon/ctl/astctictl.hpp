// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace astcti::ctl {

// The whole program. Returns its exit code: 0, 1 for an error, EX_USAGE, EX_CONFIG, 130 for
// Ctrl-C in the middle of something long.
int run(int argc, const char* const* argv);

} // namespace astcti::ctl
