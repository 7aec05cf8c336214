// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/config/file_text.hpp"

#include <cerrno>
#include <cstdio>
#include <memory>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace astcti::config {
namespace {

struct Close {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};

[[noreturn]] void fail(int error) {
    throw std::system_error(error, std::generic_category());
}

bool is_private(const struct stat& status) noexcept {
    const bool ours = status.st_uid == 0 || status.st_uid == ::geteuid();
    const bool our_group = status.st_gid == 0 || status.st_gid == ::getegid();
    return ours && (status.st_mode & S_IRWXO) == 0 &&
           ((status.st_mode & S_IRWXG) == 0 || our_group);
}

} // namespace

FileText read_file(const std::string& path, std::size_t max_size) {
    // Before it is opened: opening a FIFO would wait for its writer.
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0)
        fail(errno);
    if (!S_ISREG(status.st_mode))
        fail(EINVAL);

    const std::unique_ptr<std::FILE, Close> file(std::fopen(path.c_str(), "rbe"));
    if (!file || ::fstat(::fileno(file.get()), &status) != 0)
        fail(errno);

    FileText result{.text = std::string(max_size + 1, '\0'),
                    .read_by_all = (status.st_mode & S_IROTH) != 0,
                    .is_private = is_private(status)};
    result.text.resize(std::fread(result.text.data(), 1, result.text.size(), file.get()));
    if (std::ferror(file.get()) != 0)
        fail(EIO);
    if (result.text.size() > max_size)
        fail(EFBIG);
    return result;
}

} // namespace astcti::config
