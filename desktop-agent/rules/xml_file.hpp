// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <libxml/tree.h>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

namespace astcti::rules {

using Document = std::unique_ptr<xmlDoc, decltype(&xmlFreeDoc)>;

// Where and what is wrong with an XML text, and what to do about it.
struct XmlError {
    int line = 0;
    std::string what;
};

// Parses the text and checks it against xml/rules.xsd. A document type is refused before
// anything of it is read, and nothing is ever fetched.
std::variant<Document, XmlError> read_rules_document(std::string_view text);

} // namespace astcti::rules
