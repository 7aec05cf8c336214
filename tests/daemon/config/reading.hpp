// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/config/config.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace astcti::config {

// `inside` begins in line 2.
inline std::string document(std::string_view inside) {
    return "<astcti xmlns=\"urn:astcti:config:1\">\n" + std::string(inside) + "\n</astcti>\n";
}

inline Config read(const std::string& text, unsigned mode = 0600) {
    const test::TempDir directory;
    return read_config(directory.write("astcti.xml", text, mode));
}

inline std::vector<Fault> faults_of(const std::string& text, unsigned mode = 0600) {
    const test::TempDir directory;
    const auto file = directory.write("astcti.xml", text, mode);
    try {
        read_config(file);
    } catch (const ConfigError& e) {
        for (const auto& fault : e.faults())
            CHECK(fault.file == file);
        return e.faults();
    }
    return {};
}

} // namespace astcti::config
