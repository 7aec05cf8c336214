// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "protocol/json.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace astcti::ctl {

using protocol::json_array;
using protocol::json_object;
using protocol::json_text;

std::string json_text_or_null(std::string_view text); // null if it is empty

// An array of which each value has a line of its own, for people and for programs that read lines.
std::string json_lines(const std::vector<std::string>& values);

} // namespace astcti::ctl
