// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/accounts/store.hpp"

#include <string>

namespace astcti::ctl {

// Each returns the text for standard output, for people or in JSON. They throw StoreError, and
// std::runtime_error if there is no such user. A secret is never shown, but how it is kept.
std::string list_users(accounts::Store& store, bool json);
std::string show_user(accounts::Store& store, const std::string& name, bool json);

} // namespace astcti::ctl
