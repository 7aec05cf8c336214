// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace astcti::test {

// A file of the source tree, e.g. "tests/data/ami/asterisk-22/ivr-100.txt".
inline std::string source_file(const std::string& path) {
    std::ifstream file(std::string(ASTCTI_SOURCE_DIR "/") + path, std::ios::binary);
    if (!file)
        throw std::runtime_error("no such file: " + path);
    return {std::istreambuf_iterator<char>(file), {}};
}

} // namespace astcti::test
