// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/config/document.hpp"

namespace astcti::config {

// What a <manager> says. Adds faults and warnings for what a schema cannot say of it.
// `read_by_all`: every user of the machine may read the file.
Manager read_manager(const Document& document, const xmlNode* element, bool read_by_all,
                     Faults& faults, Faults& warnings);

} // namespace astcti::config
