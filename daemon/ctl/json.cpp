// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ctl/json.hpp"

#include <fmt/format.h>

namespace astcti::ctl {

std::string json_text_or_null(std::string_view text) {
    return text.empty() ? "null" : json_text(text);
}

std::string json_lines(const std::vector<std::string>& values) {
    return values.empty() ? "[]\n" : fmt::format("[\n{}\n]\n", fmt::join(values, ",\n"));
}

} // namespace astcti::ctl
