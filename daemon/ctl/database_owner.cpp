// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ctl/database_owner.hpp"

#include "daemon/base/system_error.hpp"

#include <filesystem>
#include <grp.h>
#include <stdexcept>
#include <sys/stat.h>
#include <unistd.h>

namespace astcti::ctl {

void become_owner_of_directory(const std::string& file) {
    const auto directory = std::filesystem::path(file).parent_path();
    struct stat status {};
    if (::stat(directory.c_str(), &status) != 0) {
        if (errno == ENOENT)
            throw std::runtime_error("the directory of the accounts, " + directory.string() +
                                     ", does not exist; systemctl start astcti makes it");
        base::throw_errno("the directory of the accounts, " + directory.string());
    }
    if (::geteuid() != 0 || status.st_uid == 0)
        return;
    if (::setgroups(1, &status.st_gid) != 0 ||
        ::setresgid(status.st_gid, status.st_gid, status.st_gid) != 0 ||
        ::setresuid(status.st_uid, status.st_uid, status.st_uid) != 0)
        base::throw_errno("becoming the owner of " + directory.string());
}

} // namespace astcti::ctl
