// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/rules/once.hpp"

#include <algorithm>
#include <functional>

namespace astcti::rules {
namespace {

constexpr std::size_t no_channel = 0;

std::size_t hash(std::string_view text) noexcept {
    return std::hash<std::string_view>()(text);
}

std::size_t hash_of_channel(std::string_view uniqueid) noexcept {
    return uniqueid.empty() ? no_channel : hash(uniqueid);
}

} // namespace

Once::Once() {
    parties_.reserve(max_parties);
}

bool Once::first(std::string_view call, std::string_view number, std::string_view uniqueid) {
    const Party asked{hash(call), hash(number), hash_of_channel(uniqueid)};
    const auto seen = std::ranges::find_if(parties_, [&asked](const Party& party) {
        return party.call == asked.call && party.number == asked.number &&
               (party.uniqueid == asked.uniqueid || party.uniqueid == no_channel ||
                asked.uniqueid == no_channel);
    });
    if (seen != parties_.end()) {
        if (seen->uniqueid == no_channel)
            seen->uniqueid = asked.uniqueid;
        return false;
    }
    if (parties_.size() < max_parties) {
        parties_.push_back(asked);
    } else {
        parties_[oldest_] = asked;
        oldest_ = (oldest_ + 1) % max_parties;
    }
    return true;
}

bool Once::knows(std::string_view call) const noexcept {
    return std::ranges::find(parties_, hash(call), &Party::call) != parties_.end();
}

} // namespace astcti::rules
