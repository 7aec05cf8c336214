// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace astcti::ctl {

using Row = std::vector<std::string>;

// Columns under each other, two spaces between; the last is not filled up. Text that is not fit
// for a terminal is cleaned: a name may have come from anywhere.
std::string to_table(const std::vector<Row>& rows);

} // namespace astcti::ctl
