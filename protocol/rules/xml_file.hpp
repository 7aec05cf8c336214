// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <libxml/tree.h>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace astcti::rules {

using Document = std::unique_ptr<xmlDoc, void (*)(xmlDoc*)>;

// Where and what is wrong with an XML text, and what to do about it.
struct XmlError {
    int line = 0;
    std::string what;
};

// A text that was looked at as a whole.
struct CheckedDocument {
    Document document;              // none if the text is not well-formed
    std::vector<XmlError> mistakes; // by line; of one attribute, or one place, the first only
};

// Parses the text and checks it against xml/rules.xsd. A document type is refused before
// anything of it is read, and nothing is ever fetched.
CheckedDocument read_rules_document(std::string_view text);

} // namespace astcti::rules
