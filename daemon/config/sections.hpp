// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/config/document.hpp"

namespace astcti::config {

// Makes the configuration of the (pruned and checked) tree and adds faults and warnings for what
// a schema cannot say. `read_by_all`: every user of the machine may read the file.
Config read_sections(const Document& document, bool read_by_all, Faults& faults, Faults& warnings);

} // namespace astcti::config
