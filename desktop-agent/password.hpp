// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "desktop-agent/link/secret.hpp"

#include <string>

namespace astcti {

// The first line of the file. Throws ConfigurationError if it cannot be read, is empty, or
// others than its owner and group may read it.
link::Secret read_password_file(const std::string& path);

// Asks on the terminal without showing what is typed. Throws ConfigurationError if nothing is.
link::Secret ask_password(const std::string& user);

} // namespace astcti
