// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/local_user.hpp"

#include <pwd.h>
#include <vector>

namespace astcti {

std::optional<std::string> user_name(uid_t uid) {
    constexpr std::size_t enough = 65536;
    std::vector<char> buffer(enough);
    passwd entry{};
    passwd* found = nullptr;
    if (::getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found) != 0 || !found)
        return std::nullopt;
    return std::string(found->pw_name);
}

} // namespace astcti
