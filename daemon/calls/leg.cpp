// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/calls/leg.hpp"

namespace astcti::calls {

std::string_view device_of(std::string_view channel) noexcept {
    if (channel.ends_with(";1") || channel.ends_with(";2"))
        channel.remove_suffix(2);
    constexpr std::string_view hex = "0123456789abcdefABCDEF";
    const auto dash = channel.rfind('-');
    if (dash == channel.npos || dash + 1 == channel.size() ||
        channel.find_first_not_of(hex, dash + 1) != channel.npos)
        return channel;
    return channel.substr(0, dash);
}

} // namespace astcti::calls
