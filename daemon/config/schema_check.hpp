// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/config/vocabulary.hpp"

#include <string_view>

namespace astcti::config {

// Validates the (pruned) document and adds a fault for each attribute that is missing or has a
// wrong value. What it must be is told in the words of the vocabulary.
void check_schema(Document& document, std::string_view schema, const Vocabulary& vocabulary,
                  Faults& faults);

} // namespace astcti::config
