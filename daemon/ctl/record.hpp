// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace astcti::ctl {

struct RecordOptions {
    std::string control = "/run/astcti/control";
    std::string pbx;
    std::string output; // standard output if empty
    bool plain = false;
};

// Asks astctid for what a PBX sent lately, replaces numbers and names, and writes it. What there
// is to say about it goes to standard error. Throws UsageError and std::runtime_error.
void record(const RecordOptions& options);

} // namespace astcti::ctl
