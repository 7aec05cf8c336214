// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ami/pending_actions.hpp"

#include <algorithm>
#include <utility>

namespace astcti::ami {
namespace {

template <typename List, typename Iterator>
auto take(List& list, Iterator at) {
    auto taken = std::optional(std::move(*at));
    list.erase(at);
    return taken;
}

} // namespace

void PendingActions::sent(const ActionValue& id, Kind kind, Time deadline) {
    pending_.push_back({id, kind, deadline, std::nullopt});
}

bool PendingActions::sent(const ActionValue& id, const Originate& originate, Time deadline) {
    const auto placed = std::ranges::count(pending_, Kind::originate, &Pending::kind);
    if (static_cast<std::size_t>(placed) >= max_originates)
        return false;
    pending_.push_back({id, Kind::originate, deadline, originate});
    return true;
}

std::optional<PendingActions::Pending> PendingActions::answered(std::string_view id) {
    const auto at = std::ranges::find_if(
        pending_, [id](const Pending& pending) { return pending.id.text() == id; });
    if (id.empty() || at == pending_.end())
        return std::nullopt;
    return take(pending_, at);
}

std::optional<PendingActions::Pending> PendingActions::expired(Time now) {
    const auto at = std::ranges::find_if(
        pending_, [now](const Pending& pending) { return pending.deadline <= now; });
    if (at == pending_.end())
        return std::nullopt;
    return take(pending_, at);
}

std::vector<Originate> PendingActions::take_originates() {
    std::vector<Originate> taken;
    for (auto& pending : pending_)
        if (pending.originate)
            taken.push_back(std::move(*pending.originate));
    std::erase_if(pending_, [](const Pending& pending) { return pending.kind == Kind::originate; });
    return taken;
}

Time PendingActions::next_deadline() const noexcept {
    const auto first = std::ranges::min_element(pending_, {}, &Pending::deadline);
    return first == pending_.end() ? Time::max() : first->deadline;
}

} // namespace astcti::ami
