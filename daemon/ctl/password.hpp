// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace astcti::ctl {

// Where a new password comes from: the terminal, or a descriptor that a script opened. Never the
// command line, which every user of the machine can read. All throw std::runtime_error, which
// says what to do.

// A password is 1 to max_password bytes of UTF-8 without control characters.
void check_password(std::string_view password);

// Asks twice, without echo.
std::string ask_password(const std::string& user);

// One line, without its LF. Byte by byte: what comes after it is for somebody else.
std::string read_password(int descriptor);

// That of a user of a database server: anything, also nothing. From the terminal if there is no
// descriptor (-1).
std::string server_password(const std::string& user, int descriptor);

} // namespace astcti::ctl
