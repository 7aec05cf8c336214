// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ctl/password.hpp"

#include "daemon/accounts/secret.hpp"
#include "daemon/ctl/terminal.hpp"
#include "protocol/utf8.hpp"

#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <unistd.h>

namespace astcti::ctl {

using accounts::max_password;

namespace {

std::string read_line(int descriptor) {
    std::string password;
    while (password.size() <= max_password) {
        char c = 0;
        const auto size = ::read(descriptor, &c, 1);
        if (size < 0 && errno == EINTR)
            continue;
        if (size < 0)
            throw std::runtime_error("no password can be read from descriptor " +
                                     std::to_string(descriptor) + ": " +
                                     std::generic_category().message(errno) +
                                     "; open it, as in: --password-fd 3 3<FILE");
        if (size == 0 || c == '\n')
            break;
        password += c;
    }
    return password;
}

} // namespace

void check_password(std::string_view password) {
    if (password.empty())
        throw std::runtime_error("the password is empty; nobody could log in with it");
    if (password.size() > max_password)
        throw std::runtime_error("the password has more than " + std::to_string(max_password) +
                                 " bytes; choose a shorter one");
    if (!protocol::is_clean_line(password))
        throw std::runtime_error("the password has a control character in it, or is not UTF-8; "
                                 "choose one that can be typed");
}

std::string ask_password(const std::string& user) {
    Terminal terminal;
    auto password = terminal.ask("New password of " + user + ": ", max_password);
    check_password(password);
    if (terminal.ask("Once more: ", max_password) != password)
        throw std::runtime_error("the two passwords differ; nothing was changed");
    return password;
}

std::string read_password(int descriptor) {
    auto password = read_line(descriptor);
    check_password(password);
    return password;
}

std::string server_password(const std::string& user, int descriptor) {
    if (descriptor >= 0)
        return read_line(descriptor);
    return Terminal().ask("Password of " + user + " at the database server: ", max_password);
}

} // namespace astcti::ctl
