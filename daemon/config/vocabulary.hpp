// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/config/document.hpp"

#include <map>
#include <string>
#include <string_view>

namespace astcti::config {

// An element of the schema: what may be in it and what its attributes must be.
struct Vocabulary {
    std::map<std::string, Vocabulary, std::less<>> elements;
    std::map<std::string, std::string, std::less<>> attributes; // to their documentation
};

// Read from the schema itself, so that messages and validation cannot disagree. The schema
// declares each element where it is used. The answer's only element is the root.
Vocabulary read_vocabulary(std::string_view schema);

// Adds a fault for each element, attribute and text that the vocabulary does not have, with what
// was probably meant, and takes them out of the tree: the validation after it stops at the first
// stranger among an element's children and would keep the rest for another day.
void prune_unknown(Document& document, const Vocabulary& vocabulary, Faults& faults);

} // namespace astcti::config
