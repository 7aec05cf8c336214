// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <stdexcept>

namespace astcti::ctl {

// What is wrong with the arguments, and what to do: the program ends with EX_USAGE.
class UsageError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// Somebody pressed Ctrl-C: what was done by then is done, and told.
class Interrupted : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

} // namespace astcti::ctl
