// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/calls/channel_event.hpp"

#include "daemon/ami/key.hpp"
#include "daemon/ami/name_index.hpp"

#include <algorithm>
#include <iterator>

namespace astcti::calls {
namespace {

template <typename Value>
struct Entry {
    std::string_view key;
    Value value;
};

// The same header of an event's second channel.
constexpr Field second_of(Field field) noexcept {
    return static_cast<Field>(static_cast<std::size_t>(field) +
                              static_cast<std::size_t>(Field::second));
}

// Sources: main/manager_channels.c, manager_bridges.c, stasis_channels.c, apps/app_queue.c of
// 12 and newer; main/channel.c, apps/app_dial.c, apps/app_queue.c of 1.4 to 11.
constexpr Entry<EventKind> event_names[] = {
    {"Newchannel", EventKind::began},
    {"Newstate", EventKind::changed},
    {"NewCallerid", EventKind::changed},
    {"NewConnectedLine", EventKind::changed},
    {"Newexten", EventKind::step},
    {"VarSet", EventKind::variable},
    {"UserEvent", EventKind::user_event},
    {"Dial", EventKind::dial_begin},
    {"DialBegin", EventKind::dial_begin},
    {"AgentCalled", EventKind::dial_begin},
    {"DialState", EventKind::dial_state},
    {"DialEnd", EventKind::dial_end},
    {"AgentConnect", EventKind::agent_connected},
    {"BridgeEnter", EventKind::bridge_enter},
    {"BridgeLeave", EventKind::bridge_leave},
    {"BridgeMerge", EventKind::bridge_merge},
    {"Link", EventKind::linked},
    {"Bridge", EventKind::linked},
    {"Unlink", EventKind::unlinked},
    {"Hold", EventKind::hold},
    {"Unhold", EventKind::unhold},
    {"Join", EventKind::queue_joined},
    {"QueueCallerJoin", EventKind::queue_joined},
    {"Pickup", EventKind::pickup},
    {"Transfer", EventKind::transfer},
    {"BlindTransfer", EventKind::transfer},
    {"AttendedTransfer", EventKind::transfer},
    {"ParkedCall", EventKind::parked},
    {"AgentLogin", EventKind::agent_login},
    {"AgentLogoff", EventKind::agent_logoff},
    {"Rename", EventKind::renamed},
    {"OriginateResponse", EventKind::originate_response},
    {"Hangup", EventKind::hangup},
    {"CoreShowChannel", EventKind::listed},
    {"Status", EventKind::listed},
    {"BridgeListItem", EventKind::bridge_listed},
    {"QueueEntry", EventKind::queue_listed},
};

constexpr Entry<Field> field_names[] = {
    {"Channel", Field::channel},
    {"Uniqueid", Field::uniqueid},
    {"Linkedid", Field::linkedid},
    {"ChannelStateDesc", Field::state},
    {"State", Field::state},
    {"CallerIDNum", Field::number},
    {"CallerID", Field::number},
    {"CallerIDName", Field::name},
    {"ConnectedLineNum", Field::connected_number},
    {"ConnectedLineName", Field::connected_name},
    {"Context", Field::context},
    {"Exten", Field::exten},
    {"Extension", Field::exten},
    {"DestChannel", second_of(Field::channel)},
    {"DestUniqueid", second_of(Field::uniqueid)},
    {"DestLinkedid", second_of(Field::linkedid)},
    {"DestChannelStateDesc", second_of(Field::state)},
    {"DestCallerIDNum", second_of(Field::number)},
    {"DestCallerIDName", second_of(Field::name)},
    {"DestConnectedLineNum", second_of(Field::connected_number)},
    {"DestConnectedLineName", second_of(Field::connected_name)},
    {"DestContext", second_of(Field::context)},
    {"DestExten", second_of(Field::exten)},
    {"BridgeUniqueid", Field::bridge},
    {"BridgeId", Field::bridge},
    {"FromBridgeUniqueid", Field::bridge},
    {"ToBridgeUniqueid", Field::to_bridge},
    {"BridgeTechnology", Field::bridge_technology},
    {"BridgeCreator", Field::bridge_creator},
    {"CID-CallingPres", Field::presentation},
    {"Queue", Field::queue},
    {"Variable", Field::variable},
    {"Value", Field::value},
    {"UserEvent", Field::user_event},
    {"DialStatus", Field::dial_status},
    {"Forward", Field::forward},
    {"Result", Field::result},
    {"BridgedUniqueid", Field::bridged},
    {"BridgedChannel", Field::bridged_channel},
    {"Link", Field::bridged_channel},
    {"SubEvent", Field::phase},
    {"Bridgestate", Field::phase},
    {"Status", Field::phase},
    {"Cause", Field::cause},
    {"Application", Field::application},
    {"AppData", Field::application_data},
    {"ActionID", Field::action_id},
    {"Response", Field::response},
    {"Reason", Field::reason},
    {"Newname", Field::new_name},
    {"TransferType", Field::transfer_type},
    {"TransfererChannel", Field::transferer_channel},
    {"OrigTransfererChannel", Field::transferer_channel},
    {"SecondTransfererChannel", Field::second_transferer_channel},
    {"TransfererUniqueid", Field::transferer},
    {"OrigTransfererUniqueid", Field::transferer},
    {"SecondTransfererUniqueid", Field::second_transferer},
    {"ParkerDialString", Field::parker},
    {"From", Field::parker},
    {"TargetChannel", Field::target_channel},
    {"TargetUniqueid", Field::target},
    // 1.4 to 11
    {"Source", Field::channel},
    {"Oldname", Field::channel},
    {"SrcUniqueID", Field::uniqueid},
    {"Destination", second_of(Field::channel)},
    {"ChannelCalling", Field::channel},
    {"DestinationChannel", second_of(Field::channel)},
    {"Channel1", Field::channel},
    {"Uniqueid1", Field::uniqueid},
    {"Channel2", second_of(Field::channel)},
    {"Uniqueid2", second_of(Field::uniqueid)},
    // 12 and newer, of the parked channel
    {"ParkeeChannel", Field::channel},
    {"ParkeeUniqueid", Field::uniqueid},
};

constexpr auto event_keys = [] {
    std::array<std::string_view, std::size(event_names)> names;
    std::ranges::transform(event_names, names.begin(), &Entry<EventKind>::key);
    return names;
}();
constexpr ami::NameIndex event_index(event_keys);

// By the number of a header's key; Field::count for one that the model does not read.
constexpr auto field_of = [] {
    std::array<Field, ami::known_keys.size() + 1> fields{};
    fields.fill(Field::count);
    for (const auto& [key, field] : field_names)
        fields[ami::key_number_in_table(key)] = field;
    return fields;
}();
static_assert(field_of[ami::other_key] == Field::count, "a header is read that has no number");

// "Dial" and "Bridge" are a beginning or an end; "Hold" was either until 11.
EventKind with_phase(EventKind kind, std::string_view phase) noexcept {
    if (kind == EventKind::dial_begin && phase == "End")
        return EventKind::dial_end;
    if (kind == EventKind::linked && phase == "Unlink")
        return EventKind::unlinked;
    if (kind == EventKind::hold && phase == "Off")
        return EventKind::unhold;
    return kind;
}

// Of its key; whose it is, the channel tells.
bool may_be_variable(const ami::Packet::Header& header) noexcept {
    return header.number == ami::key_number("ChanVariable") ||
           header.number == ami::key_number("DestChanVariable") ||
           (header.number == ami::other_key && header.key.ends_with(')'));
}

} // namespace

EventKind kind_of(std::string_view event_name) noexcept {
    const auto at = event_index.find(event_name);
    return at == 0 ? EventKind::other : event_names[at - 1].value;
}

HeaderPlaces::HeaderPlaces(const ami::Packet& packet) noexcept {
    static_assert(ami::max_headers <= UINT16_MAX);
    std::uint16_t at = 0;
    for (const auto& header : packet.headers()) {
        if (may_be_variable(header)) {
            if (variables_end == 0)
                first_variable = at;
            variables_end = static_cast<std::uint16_t>(at + 1);
        }
        ++at;
        auto& place = of[static_cast<std::size_t>(field_of[header.number])];
        if (place == 0)
            place = at;
    }
}

ChannelEvent::ChannelEvent(const ami::Packet& packet, EventKind kind, const HeaderPlaces& places)
    : packet_(&packet), kind_(kind) {
    if (kind_ == EventKind::other)
        return;
    places_ = places;
    kind_ = with_phase(kind_, get(Field::phase));
    has_linkedid_ = has(Field::linkedid) || has(second_of(Field::linkedid));
}

bool ChannelEvent::has_connected_line() const noexcept {
    return has(Field::connected_number) || has(second_of(Field::connected_number));
}

ChannelEvent ChannelEvent::second() const {
    auto out = *this;
    const auto count = static_cast<std::ptrdiff_t>(Field::second);
    auto& places = out.places_.of;
    std::copy_n(places.begin() + count, count, places.begin());
    std::fill_n(places.begin() + count, count, std::uint16_t{0});
    out.is_second_ = true;
    return out;
}

bool ChannelEvent::is_variable_with_channel(std::string_view key) const noexcept {
    constexpr std::string_view with_channel = "ChanVariable(";
    return key.starts_with(with_channel) &&
           key.substr(with_channel.size(), key.size() - with_channel.size() - 1) ==
               get(Field::channel);
}

} // namespace astcti::calls
