// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/calls/leg_table.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace astcti::calls {

// What is true of a channel while a list of all channels arrives and live events go on: the
// live events are fresher than the list.
class Snapshot {
public:
    void begin() {
        forget();
        active_ = true;
    }
    void end() { forget(); }

    bool is_active() const noexcept { return active_; }

    // A live event was about this channel; it is also proof that it is there.
    void touched(std::string_view uniqueid) {
        if (active_)
            touched_.emplace(uniqueid);
    }
    void ended(std::string_view uniqueid) {
        if (active_)
            ended_.emplace(uniqueid);
    }
    void mentioned(std::string_view uniqueid) { mentioned_.emplace(uniqueid); }

    // Lists that come before that of the channels, which they are about.
    void bridge(std::string_view id, bool holding, bool conference) {
        if (holding || conference)
            bridges_.insert_or_assign(std::string(id), std::pair(holding, conference));
        else if (const auto found = bridges_.find(id); found != bridges_.end())
            bridges_.erase(found); // what most of them are need not be kept
    }
    void queue(std::string_view uniqueid, std::string_view name) {
        queues_.insert_or_assign(std::string(uniqueid), std::string(name));
    }
    // Whether that bridge holds, and whether it is a conference.
    std::pair<bool, bool> bridge(std::string_view id) const {
        const auto found = bridges_.find(id);
        return found == bridges_.end() ? std::pair(false, false) : found->second;
    }
    std::string_view queue(std::string_view uniqueid) const {
        const auto found = queues_.find(uniqueid);
        return found == queues_.end() ? std::string_view{} : found->second;
    }

    bool is_fresher(std::string_view uniqueid) const { return touched_.contains(uniqueid); }
    bool has_ended(std::string_view uniqueid) const { return ended_.contains(uniqueid); }
    bool is_there(std::string_view uniqueid) const {
        return mentioned_.contains(uniqueid) || touched_.contains(uniqueid);
    }

private:
    using Ids = std::unordered_set<std::string, TextHash, std::equal_to<>>;

    void forget() {
        active_ = false;
        touched_.clear();
        ended_.clear();
        mentioned_.clear();
        bridges_.clear();
        queues_.clear();
    }

    bool active_ = false;
    Ids touched_;
    Ids ended_;
    Ids mentioned_;
    ByText<std::pair<bool, bool>> bridges_;
    ByText<std::string> queues_;
};

} // namespace astcti::calls
