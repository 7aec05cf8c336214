// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>

namespace astcti::config {

struct FileText {
    std::string text;
    bool read_by_all = false; // its mode lets every user of the machine read it
    // Nobody but root and this program's user and group may do anything with it.
    bool is_private = false;
};

// A regular file as a whole. Throws std::system_error; std::errc::file_too_large if it has more
// than `max_size` bytes, std::errc::invalid_argument if it is not a regular file.
FileText read_file(const std::string& path, std::size_t max_size);

} // namespace astcti::config
