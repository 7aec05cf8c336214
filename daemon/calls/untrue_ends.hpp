// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/calls/leg_table.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

namespace astcti::calls {

// The ends of channels that may not be true, as callers can forge events: those that are doubtful
// from the first, which wait for a list that was asked for later, and those that were believed,
// though list after list has the channel. Two lists: one may have been written just before the end.
class UntrueEnds {
public:
    // More are not kept: they end by the list as well, without a cause.
    static constexpr std::size_t max_doubted = 1024;

    void doubt(std::string_view uniqueid, std::uint32_t cause) {
        if (doubted_.size() < max_doubted)
            doubted_.push_back({std::string(uniqueid), cause, false});
    }
    // A channel is listed that is over. True if it was in the list before, too: it is not.
    bool is_listed_again(std::string_view uniqueid) {
        if (!listed_before_.contains(uniqueid)) {
            listed_.emplace(uniqueid);
            return false;
        }
        ++forgeries_;
        return true;
    }

    void list_begun() {
        listed_.clear();
        for (auto& end : doubted_)
            end.is_asked = true;
    }
    // The cause of an end that this list shows to be true; nothing if it was not in doubt.
    std::optional<std::uint32_t> cause_of(std::string_view uniqueid) const {
        const auto end = std::ranges::find(doubted_, uniqueid, &End::uniqueid);
        return end == doubted_.end() ? std::nullopt : std::optional(end->cause);
    }
    // `is_there` tells whether a channel still is. True if another list should be asked for.
    template <typename IsThere>
    bool list_ended(IsThere&& is_there) {
        const bool found = !listed_.empty();
        listed_before_ = std::exchange(listed_, {});
        std::size_t untrue = 0;
        for (const auto& end : doubted_)
            if (end.is_asked && is_there(end.uniqueid))
                ++untrue;
        std::erase_if(doubted_, [](const End& end) { return end.is_asked; });
        forgeries_ += untrue;
        return found || untrue > 0;
    }

    // How many were not true. Said once.
    std::size_t take_forgeries() noexcept { return std::exchange(forgeries_, 0); }

private:
    struct End {
        std::string uniqueid;
        std::uint32_t cause;
        bool is_asked; // a list was begun since
    };
    using Ids = std::unordered_set<std::string, TextHash, std::equal_to<>>;

    std::vector<End> doubted_; // few
    Ids listed_;               // over, and in this list
    Ids listed_before_;        // in the one before
    std::size_t forgeries_ = 0;
};

} // namespace astcti::calls
