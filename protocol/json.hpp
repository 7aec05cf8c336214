// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace astcti::protocol {

// Values of JSON (RFC 8259), as text on one line. What is not UTF-8 is read as Latin-1, byte by
// byte: a name may have come from anywhere, and JSON is UTF-8. Beyond what must be escaped, DEL
// and the C1 control characters are: a terminal obeys them.
std::string json_text(std::string_view text);
std::string json_array(const std::vector<std::string>& values);
std::string json_object(const std::vector<std::pair<std::string_view, std::string>>& members);

} // namespace astcti::protocol
