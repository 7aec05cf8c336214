// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/calls/call_list.hpp"

#include "desktop-agent/calls/changed_properties.hpp"

#include <algorithm>
#include <utility>

namespace astcti::calls {

using protocol::CallEvent;
using protocol::CallState;

std::vector<Change> CallList::apply(const protocol::Event& event, Time now) {
    std::vector<Change> out;
    if (std::holds_alternative<protocol::SnapshotBegin>(event.body)) {
        snapshot_.emplace();
    } else if (std::holds_alternative<protocol::SnapshotEnd>(event.body)) {
        if (!snapshot_)
            return out;
        end_missing(out, event, now);
        const auto snapshot = *std::exchange(snapshot_, std::nullopt);
        for (const auto& call : snapshot.calls)
            update(out, call, true, now);
    } else if (const auto* pbx = std::get_if<protocol::PbxState>(&event.body)) {
        pbx_changed(*pbx, now);
    } else if (const auto* call = std::get_if<CallEvent>(&event.body)) {
        if (!snapshot_)
            update(out, *call, false, now);
        else if (snapshot_->calls.size() < max_calls)
            snapshot_->calls.push_back(*call);
    }
    return out;
}

void CallList::pbx_changed(const protocol::PbxState& pbx, Time now) {
    if (snapshot_) {
        if (!pbx.up)
            snapshot_->down.insert(pbx.pbx);
        return;
    }
    if (!pbx.up)
        return;
    for (auto& [id, entry] : calls_) {
        if (!entry.end_at || entry.call.pbx != pbx.pbx)
            continue;
        entry.end_at = std::min(*entry.end_at, now + pbx_tells_calls);
        entry.missed_because = protocol::EndReason::normal;
    }
}

void CallList::update(std::vector<Change>& out, const CallEvent& event, bool from_snapshot,
                      Time now) {
    const auto found = calls_.find(event.call.id);
    const bool is_new = found == calls_.end();
    if (is_new)
        make_room(out);
    if (is_new && calls_.size() >= max_calls)
        return;

    auto& entry = is_new ? calls_[event.call.id] : found->second;
    entry.end_at.reset();
    auto call = event.call;
    if (!is_new) {
        if (event.peer_changed)
            call.state = entry.call.state;
        keep_constants(call, entry.call);
    }
    if (call.state != CallState::ended)
        entry.remove_at.reset();
    else if (!entry.remove_at)
        entry.remove_at = now + ended_call_stays;

    auto properties = is_new ? std::vector<std::string>{} : changed_properties(entry.call, call);
    entry.call = std::move(call);
    if (is_new)
        out.push_back({Change::Kind::added, entry.call, {}, false, from_snapshot});
    else if (!properties.empty())
        out.push_back({Change::Kind::changed, entry.call, std::move(properties), event.peer_changed,
                       from_snapshot});
}

void CallList::make_room(std::vector<Change>& out) {
    std::size_t ended = 0;
    auto oldest = calls_.end();
    for (auto next = calls_.begin(); next != calls_.end(); ++next) {
        if (!next->second.remove_at)
            continue;
        ++ended;
        if (oldest == calls_.end() || *next->second.remove_at < *oldest->second.remove_at)
            oldest = next;
    }
    if (ended == 0 || (ended < max_ended && calls_.size() < max_calls))
        return;
    out.push_back({Change::Kind::removed, oldest->second.call, {}, false, false});
    calls_.erase(oldest);
}

void CallList::end_missing(std::vector<Change>& out, const protocol::Event& event, Time now) {
    for (auto& [id, entry] : calls_) {
        const bool goes_on = std::any_of(snapshot_->calls.begin(), snapshot_->calls.end(),
                                         [&id = id](const auto& one) { return one.call.id == id; });
        if (goes_on || entry.call.state == CallState::ended)
            continue;
        if (!snapshot_->down.contains(entry.call.pbx)) {
            end(out, entry, event.time, protocol::EndReason::normal, now);
        } else if (!entry.end_at) {
            entry.end_at = now + pbx_stays_down;
            entry.missed_at = event.time;
            entry.missed_because = protocol::EndReason::failed;
        }
    }
}

void CallList::end(std::vector<Change>& out, Entry& entry, protocol::Microseconds clock,
                   protocol::EndReason reason, Time now) {
    if (entry.call.state == CallState::ended)
        return;
    const auto before = entry.call;
    entry.end_at.reset();
    entry.call.state = CallState::ended;
    entry.call.end = clock;
    entry.call.end_reason = reason;
    entry.remove_at = now + ended_call_stays;
    out.push_back(
        {Change::Kind::changed, entry.call, changed_properties(before, entry.call), false, false});
}

std::vector<Change> CallList::lost(protocol::Microseconds clock, Time now) {
    std::vector<Change> out;
    for (auto& [id, entry] : calls_)
        end(out, entry, clock, protocol::EndReason::failed, now);
    return out;
}

std::vector<Change> CallList::expire(Time now) {
    std::vector<Change> out;
    for (auto& [id, entry] : calls_)
        if (entry.end_at && *entry.end_at <= now)
            end(out, entry, entry.missed_at, entry.missed_because, now);
    std::erase_if(calls_, [&](const auto& one) {
        const auto& entry = one.second;
        const bool over = entry.remove_at && *entry.remove_at <= now;
        if (over)
            out.push_back({Change::Kind::removed, entry.call, {}, false, false});
        return over;
    });
    return out;
}

std::optional<Time> CallList::next_expiry() const {
    std::optional<Time> next;
    for (const auto& [id, entry] : calls_) {
        const auto due = entry.end_at ? entry.end_at : entry.remove_at;
        if (due && (!next || *due < *next))
            next = due;
    }
    return next;
}

std::size_t CallList::active() const {
    return static_cast<std::size_t>(
        std::count_if(calls_.begin(), calls_.end(),
                      [](const auto& one) { return one.second.call.state != CallState::ended; }));
}

} // namespace astcti::calls
