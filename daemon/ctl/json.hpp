// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace astcti::ctl {

// Values of JSON (RFC 8259), as text. What is not UTF-8 is read as Latin-1, byte by byte: a name
// may have come from anywhere, and JSON is UTF-8.
std::string json_text(std::string_view text);
std::string json_text_or_null(std::string_view text); // null if it is empty
std::string json_array(const std::vector<std::string>& values);
std::string json_object(const std::vector<std::pair<std::string_view, std::string>>& members);

// An array of which each value has a line of its own, for people and for programs that read lines.
std::string json_lines(const std::vector<std::string>& values);

} // namespace astcti::ctl
