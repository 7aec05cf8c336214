// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace astcti::config {

// Where a start tag and its attributes stand in the text, which libxml2 does not tell: its line
// of an element is the one on which the tag ends, and attributes have none.
struct StartTag {
    std::size_t line = 0;
    std::vector<std::pair<std::string, std::size_t>> attributes; // name as written, line

    // The line of the attribute, or of the tag if it has none of that name.
    std::size_t line_of(std::string_view attribute) const noexcept;
};

// All start tags in the order of the document, which must be well-formed, in an encoding that
// ASCII is part of, and without a DOCTYPE.
std::vector<StartTag> find_start_tags(std::string_view document);

} // namespace astcti::config
