// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/base/private_file.hpp"

#include "daemon/base/system_error.hpp"
#include "daemon/base/unique_fd.hpp"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace astcti::base {
namespace {

[[noreturn]] void fail(const std::string& what, int error) {
    errno = error;
    throw_errno(what);
}

} // namespace

std::optional<std::string> read_private(const std::string& path, std::size_t max_size) {
    const auto what = "cannot read " + path;
    // Opening a FIFO would wait for its writer otherwise.
    const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!fd && errno == ENOENT)
        return std::nullopt;
    struct stat status {};
    if (!fd || ::fstat(fd.get(), &status) != 0)
        throw_errno(what);
    if (!S_ISREG(status.st_mode))
        fail(what, EINVAL);
    std::string bytes(max_size + 1, '\0');
    std::size_t size = 0;
    for (;;) {
        const auto count = ::read(fd.get(), bytes.data() + size, bytes.size() - size);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            throw_errno(what);
        size += static_cast<std::size_t>(count);
        if (count == 0 || size > max_size)
            break;
    }
    if (size > max_size)
        fail(what, EFBIG);
    bytes.resize(size);
    return bytes;
}

void write_private(const std::string& path, std::string_view bytes) {
    const auto what = "cannot write " + path;
    const auto temporary = path + ".new";
    ::unlink(temporary.c_str());
    const UniqueFd fd(::open(temporary.c_str(),
                             O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
                             S_IRUSR | S_IWUSR));
    if (!fd)
        throw_errno(what);
    while (!bytes.empty()) {
        const auto count = ::write(fd.get(), bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            throw_errno(what);
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    if (::fsync(fd.get()) != 0 || std::rename(temporary.c_str(), path.c_str()) != 0)
        throw_errno(what);
}

} // namespace astcti::base
