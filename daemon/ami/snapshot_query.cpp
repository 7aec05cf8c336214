// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ami/snapshot_query.hpp"

#include <algorithm>

namespace astcti::ami {

void SnapshotQuery::ask(const std::function<ActionValue()>& next_id, const Send& send) {
    open_ = true;
    items_ = 0;
    const auto bridge_list = next_id();
    const auto queue_status = next_id();
    const auto core_show_channels = next_id();
    questions_[bridges] = {bridge_list.text(), "BridgeListComplete"};
    questions_[queues] = {queue_status.text(), "QueueStatusComplete"};
    questions_[channels] = {core_show_channels.text(), "CoreShowChannelsComplete"};
    send(bridge_list, bridge_list_action(bridge_list));
    send(queue_status, queue_status_action(queue_status));
    send(core_show_channels, core_show_channels_action(core_show_channels));
}

SnapshotQuery::Answer SnapshotQuery::finished(std::size_t part) {
    questions_[part].done = true;
    if (!std::ranges::all_of(questions_, &Question::done))
        return Answer::own;
    open_ = false;
    return Answer::done;
}

bool SnapshotQuery::needs(std::string_view event) noexcept {
    return event.ends_with("Complete") || event == "BridgeListItem" || event == "QueueEntry" ||
           event == "CoreShowChannel" || event == "Status";
}

// QueueStatus tells of its members, too. And where a queue's caller can put words of his own before
// the ActionID, they must not become an item of another list.
bool SnapshotQuery::is_item(Part of, std::string_view event) noexcept {
    switch (of) {
    case bridges:
        return event == "BridgeListItem";
    case queues:
        return event == "QueueEntry";
    default:
        return event == "CoreShowChannel" || event == "Status";
    }
}

SnapshotQuery::Answer SnapshotQuery::event(const Packet& packet) {
    if (!open_)
        return Answer::none;
    const auto id = packet.get(key_number("ActionID"));
    if (id.empty())
        return Answer::none;
    const auto* question = &questions_[asked_];
    if (id != question->id) {
        question = std::ranges::find(questions_, id, &Question::id);
        if (question == questions_.end())
            return Answer::none;
        asked_ = static_cast<std::size_t>(question - questions_.begin());
    }
    const auto name = packet.event();
    if (name == question->last)
        return finished(static_cast<std::size_t>(question - questions_.begin()));
    if (++items_ > max_items)
        return Answer::endless;
    return is_item(static_cast<Part>(question - questions_.begin()), name) ? Answer::item
                                                                           : Answer::own;
}

SnapshotQuery::Answer SnapshotQuery::error(const Packet& packet,
                                           const std::function<ActionValue()>& next_id,
                                           const Send& send) {
    const auto id = packet.get(key_number("ActionID"));
    const auto* question = std::ranges::find(questions_, id, &Question::id);
    if (!open_ || id.empty() || question == questions_.end())
        return Answer::none;
    const auto part = static_cast<std::size_t>(question - questions_.begin());
    if (part != channels)
        return finished(part); // an Asterisk without queues, or before 12, which has no bridges
    // Asterisk 1.4 has another word for it, and only says so: "Invalid/unknown command".
    if (packet.get("Message").find("unknown command") == std::string_view::npos || is_before_1_6())
        return Answer::refused;
    const auto status = next_id();
    questions_[channels] = {status.text(), "StatusComplete"};
    send(status, status_action(status));
    return Answer::own;
}

} // namespace astcti::ami
