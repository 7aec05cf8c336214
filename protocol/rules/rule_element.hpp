// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "protocol/rules/rule.hpp"
#include "protocol/rules/xml_file.hpp"

#include <libxml/tree.h>
#include <optional>
#include <string>
#include <vector>

namespace astcti::rules {

// Reads one <rule>; adds to `mistakes` what no schema can say of it. What the schema does not
// allow is left at its default: it was told already.
Rule read_rule_element(const xmlNode* node, Origin origin, std::vector<XmlError>& mistakes);

// Of libxml2's tree, by our names.
std::optional<std::string> attribute(const xmlNode* node, const char* name);
bool is_element(const xmlNode* node, const char* name) noexcept;
XmlError error_at(const xmlNode* node, std::string what);

} // namespace astcti::rules
