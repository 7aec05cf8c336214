// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace astcti::clients {

// Values by name, no more than a limit: then the one that was touched longest ago is forgotten.
// Who comes under many names cannot make it grow.
template <typename Value>
class Lru {
public:
    explicit Lru(std::size_t limit) : limit_(limit) {}

    // Null if there is none. Valid until the next call of touch() or erase().
    Value* find(std::string_view name) {
        const auto found = by_name_.find(name);
        return found == by_name_.end() ? nullptr : &found->second->second;
    }

    // A new one if there was none.
    Value& touch(std::string_view name) {
        const auto found = by_name_.find(name);
        if (found != by_name_.end()) {
            entries_.splice(entries_.begin(), entries_, found->second);
            return found->second->second;
        }
        if (entries_.size() >= limit_) {
            by_name_.erase(entries_.back().first);
            entries_.pop_back();
        }
        entries_.emplace_front(std::string(name), Value{});
        by_name_.emplace(entries_.front().first, entries_.begin());
        return entries_.front().second;
    }

    void erase(std::string_view name) {
        const auto found = by_name_.find(name);
        if (found == by_name_.end())
            return;
        const auto entry = found->second;
        by_name_.erase(found);
        entries_.erase(entry);
    }

    std::size_t size() const noexcept { return entries_.size(); }

private:
    using Entries = std::list<std::pair<const std::string, Value>>;

    std::size_t limit_;
    Entries entries_; // touched last first
    std::unordered_map<std::string_view, typename Entries::iterator> by_name_;
};

} // namespace astcti::clients
