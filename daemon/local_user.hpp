// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <sys/types.h>

namespace astcti {

// The name of a user, by way of NSS, which may ask the network: for a worker thread only.
std::optional<std::string> user_name(uid_t uid);

} // namespace astcti
