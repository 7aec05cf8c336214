// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/stat.h>

namespace astcti::test {

// A directory of its own for a test, gone with everything in it afterwards.
class TempDir {
public:
    TempDir() {
        auto name = (std::filesystem::temp_directory_path() / "astcti-test-XXXXXX").string();
        if (!::mkdtemp(name.data()))
            throw std::runtime_error("no temporary directory");
        path_ = name;
    }
    TempDir(const TempDir&) = delete;
    TempDir& operator=(const TempDir&) = delete;
    ~TempDir() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    std::string path() const { return path_; }
    std::string path(std::string_view name) const { return path_ + "/" + std::string(name); }

    // Returns the path.
    std::string write(std::string_view name, std::string_view text, unsigned mode = 0600) const {
        const auto file = path(name);
        std::ofstream(file, std::ios::binary) << text;
        if (::chmod(file.c_str(), static_cast<mode_t>(mode)) != 0)
            throw std::runtime_error("cannot change the mode of " + file);
        return file;
    }

private:
    std::string path_;
};

} // namespace astcti::test
