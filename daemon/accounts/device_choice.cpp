// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/accounts/device_choice.hpp"

#include "daemon/accounts/host.hpp"

#include <algorithm>

namespace astcti::accounts {

bool may_choose(Store& store, std::string_view user, std::string_view peer,
                std::string_view device) {
    // A table that others write may have anything in it; this one is to ring.
    if (!is_new_extension(device))
        return false;
    const auto account = store.find(user);
    if (!account)
        return false;
    if (account->extension == device ||
        std::ranges::find(account->devices, device) != account->devices.end())
        return true;
    return std::ranges::any_of(store.seats(), [&](const Seat& seat) {
        return seat.extension == device && !seat.host.empty() &&
               match_host(seat.host, peer) == HostMatch::inside;
    });
}

} // namespace astcti::accounts
