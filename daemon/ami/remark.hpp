// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/base/log.hpp"

#include <string>

namespace astcti::ami {

// A line for the log, from code that does not log itself.
struct Remark {
    base::LogLevel level;
    std::string text;

    bool operator==(const Remark&) const = default;
};

} // namespace astcti::ami
