// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/calls/leg_table.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace astcti::calls {

// What is true of a channel while a list of all channels arrives and live events go on: the
// live events are fresher than the list.
class Snapshot {
public:
    void begin() {
        forget();
        active_ = true;
        ++number_;
    }
    void end() { forget(); }

    bool is_active() const noexcept { return active_; }
    std::uint32_t number() const noexcept { return number_; }

    // A live event was about this channel; it is also proof that it is there.
    void touched(Leg& leg) const noexcept {
        if (active_)
            leg.touched_in = number_;
    }
    void ended(std::string_view uniqueid) {
        if (active_)
            ended_.add(uniqueid);
    }
    void mentioned(Leg& leg) const noexcept { leg.listed_in = number_; }

    // Lists that come before that of the channels, which they are about.
    void bridge(std::string_view id, bool holding, bool conference) {
        if (holding || conference)
            bridges_.insert_or_assign(std::string(id), std::pair(holding, conference));
        else if (!bridges_.empty()) // what most of them are need not be kept
            if (const auto found = bridges_.find(id); found != bridges_.end())
                bridges_.erase(found);
    }
    void queue(std::string_view uniqueid, std::string_view name) {
        queues_.insert_or_assign(std::string(uniqueid), std::string(name));
    }
    // Whether that bridge holds, and whether it is a conference.
    std::pair<bool, bool> bridge(std::string_view id) const {
        if (bridges_.empty())
            return {false, false};
        const auto found = bridges_.find(id);
        return found == bridges_.end() ? std::pair(false, false) : found->second;
    }
    std::string_view queue(std::string_view uniqueid) const {
        if (queues_.empty())
            return {};
        const auto found = queues_.find(uniqueid);
        return found == queues_.end() ? std::string_view{} : found->second;
    }

    bool is_fresher(const Leg& leg) const noexcept { return leg.touched_in == number_; }
    // With the hash_of() the uniqueid.
    bool has_ended(std::string_view uniqueid, std::uint32_t hash) const noexcept {
        return ended_.find(uniqueid, hash) != nullptr;
    }
    bool is_there(const Leg& leg) const noexcept {
        return leg.listed_in == number_ || is_fresher(leg);
    }

private:
    struct Ended {
        LegText uniqueid;
    };

    void forget() {
        active_ = false;
        ended_.clear();
        bridges_.clear();
        queues_.clear();
    }

    bool active_ = false;
    std::uint32_t number_ = 0; // of the last list that was asked for
    IdTable<Ended, &Ended::uniqueid> ended_;
    ByText<std::pair<bool, bool>> bridges_;
    ByText<std::string> queues_;
};

} // namespace astcti::calls
