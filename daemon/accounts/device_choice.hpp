// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/accounts/store.hpp"

#include <string_view>

namespace astcti::accounts {

// May somebody who is logged in choose this telephone for as long as the session lasts? One of the
// account's, or one of a desk (cti_seat) that the peer is at; `peer` is as in host.hpp. Blocks;
// throws StoreError.
bool may_choose(Store& store, std::string_view user, std::string_view peer,
                std::string_view device);

} // namespace astcti::accounts
