// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/clients/outbox.hpp"

#include <utility>

namespace astcti::clients {

void Outbox::add(std::string_view bytes, Time now) {
    if (unsent().empty())
        since_ = now;
    if (bytes_.capacity() < usual_size)
        bytes_.reserve(usual_size); // at once and not by and by
    bytes_ += bytes;
}

bool Outbox::takes_event(Time now) {
    if (!has_snapshots_)
        return true;
    const bool late = !unsent().empty() && now - since_ >= soft_time;
    has_lost_ = has_lost_ || is_slow() || late;
    return !has_lost_;
}

void Outbox::sent(std::size_t count) {
    begin_ += count;
    if (begin_ == bytes_.size()) {
        bytes_.clear();
        begin_ = 0;
        if (bytes_.capacity() > kept_capacity)
            bytes_.shrink_to_fit();
    } else if (begin_ >= soft_limit) {
        bytes_.erase(0, std::exchange(begin_, 0));
    }
}

bool Outbox::is_hopeless(Time now) const noexcept {
    return unsent().size() > hard_limit || (!unsent().empty() && now - since_ >= hard_time);
}

bool Outbox::take_snapshot_due() noexcept {
    return unsent().empty() && std::exchange(has_lost_, false);
}

} // namespace astcti::clients
