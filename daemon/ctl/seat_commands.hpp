// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/accounts/store.hpp"

#include <string>

namespace astcti::ctl {

// The telephones of desks (cti_seat): whoever has none of their own and logs in from there has
// that one. Each returns the text for standard output, and throws UsageError, StoreError and
// std::runtime_error; then nothing was changed.
void check_seat(const accounts::Seat& seat);
std::string list_seats(accounts::Store& store, bool json);
std::string set_seat(accounts::Store& store, const accounts::Seat& seat);
std::string remove_seat(accounts::Store& store, const std::string& host);

} // namespace astcti::ctl
