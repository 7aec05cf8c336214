// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace astcti::base {

// A file that is nobody else's business, mode 0600, small enough to be read as a whole. Both block.

// Nothing if there is none. Throws std::system_error, also if it has more than `max_size` bytes.
std::optional<std::string> read_private(const std::string& path, std::size_t max_size);

// Whole or not at all, whatever happens meanwhile. Throws std::system_error.
void write_private(const std::string& path, std::string_view bytes);

} // namespace astcti::base
