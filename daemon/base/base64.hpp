// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace astcti::base {

// RFC 4648 section 4, with padding. Nothing if the text is not exactly that.
std::optional<std::string> from_base64(std::string_view text);

std::string to_base64(std::string_view bytes);

} // namespace astcti::base
