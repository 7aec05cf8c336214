// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/ami/key.hpp"
#include "daemon/ami/packet.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace astcti::calls {

// What an event is to the model, whatever Asterisk's version calls it.
enum class EventKind {
    other,   // nothing
    began,   // Newchannel
    changed, // Newstate, NewCallerid, NewConnectedLine: the channel as it is now
    step,    // Newexten: a step of the dialplan
    variable,
    user_event,
    dial_begin,
    dial_state,
    dial_end,
    agent_connected,
    bridge_enter,
    bridge_leave,
    bridge_merge,
    linked, // 1.4 to 11: two channels talk
    unlinked,
    hold,
    unhold,
    queue_joined,
    pickup,
    transfer,
    parked,
    agent_login,
    agent_logoff,
    renamed,
    originate_response,
    hangup,
    // answers to a question for what there is
    listed,
    bridge_listed,
    queue_listed,
};

// By its name alone; the event's phase may make another kind of it.
EventKind kind_of(std::string_view event_name) noexcept;

// The headers that the model reads. The second channel of an event (Dest…, Destination,
// Channel2) has the same ones in the same order.
enum class Field : std::size_t {
    channel,
    uniqueid,
    linkedid,
    state,
    number,
    name,
    connected_number,
    connected_name,
    context,
    exten,
    second, // here the second channel's begin
    bridge = second + second,
    to_bridge,
    bridge_technology,
    bridge_creator,
    presentation,
    queue,
    variable,
    value,
    user_event,
    dial_status,
    forward,
    result,
    bridged, // 1.4 to 11: with whom a listed channel talks
    bridged_channel,
    phase, // SubEvent, Bridgestate, Status
    cause,
    application,
    application_data,
    action_id,
    response,
    reason,
    new_name,
    transfer_type,
    transferer_channel,
    transferer,
    second_transferer_channel,
    second_transferer,
    parker,
    target_channel,
    target,
    count
};

// Where in a packet the headers are that the model reads. Depends on the packet's keys alone.
struct HeaderPlaces {
    HeaderPlaces() = default;
    explicit HeaderPlaces(const ami::Packet& packet) noexcept;

    // The how manieth of the packet's headers each is; 0: it is not there. The last one is for all
    // that the model does not read.
    std::array<std::uint16_t, static_cast<std::size_t>(Field::count) + 1> of{};
    // All that may be a ChanVariable, counted from 0: from the first to before the end.
    std::uint16_t first_variable = 0;
    std::uint16_t variables_end = 0;
};

// The places of the shapes of packets that came lately, as nearly all packets have the keys of one
// before.
class KnownPlaces {
public:
    // Valid until the next call.
    const HeaderPlaces& of(const ami::Packet& packet) noexcept {
        auto& known = known_[packet.shape() % known_.size()];
        if (packet.shape() == 0 || known.shape != packet.shape())
            known = {packet.shape(), HeaderPlaces(packet)};
        return known.places;
    }

private:
    struct Known {
        std::uint64_t shape = 0;
        HeaderPlaces places;
    };
    // Asterisk tells the model some 25 kinds of events. Two that meet cost time, nothing else.
    std::array<Known, 32> known_{};
};

// One event, read: views into the packet, which must outlive it.
class ChannelEvent {
public:
    explicit ChannelEvent(const ami::Packet& packet)
        : ChannelEvent(packet, kind_of(packet.event()), HeaderPlaces(packet)) {}
    // Whose kind_of() and places are known.
    ChannelEvent(const ami::Packet& packet, EventKind kind, const HeaderPlaces& places);

    EventKind kind() const noexcept { return kind_; }

    // Empty if the header is not there.
    std::string_view get(Field field) const noexcept {
        const auto at = places_.of[static_cast<std::size_t>(field)];
        return at == 0 ? std::string_view{} : packet_->headers()[at - 1U].value;
    }
    bool has(Field field) const noexcept {
        return places_.of[static_cast<std::size_t>(field)] != 0;
    }

    // The event with its second channel as the first: what is left has no second one.
    ChannelEvent second() const;

    // ChanVariable or DestChanVariable: "name=value", and what the version 1.8 to 11 made of it,
    // "ChanVariable(CHANNEL): name=value".
    template <typename Use>
    void each_variable(Use&& use) const {
        const auto headers = packet_->headers();
        for (auto i = places_.first_variable; i < places_.variables_end; ++i)
            if (const auto& header = headers[i]; is_variable(header))
                if (const auto equals = header.value.find('='); equals != header.value.npos)
                    use(header.value.substr(0, equals), header.value.substr(equals + 1));
    }

    // What the version is known by.
    bool is_escaped() const noexcept { return has_linkedid_; } // from 13 on, as Linkedid is
    bool has_connected_line() const noexcept;                  // from 1.8 on

    const ami::Packet& packet() const noexcept { return *packet_; }

private:
    bool is_variable(const ami::Packet::Header& header) const noexcept {
        if (header.number == ami::other_key)
            return !is_second_ && header.key.ends_with(')') && is_variable_with_channel(header.key);
        return header.number ==
               (is_second_ ? ami::key_number("DestChanVariable") : ami::key_number("ChanVariable"));
    }
    bool is_variable_with_channel(std::string_view key) const noexcept;

    const ami::Packet* packet_;
    EventKind kind_ = EventKind::other;
    bool has_linkedid_ = false;
    bool is_second_ = false;
    HeaderPlaces places_;
};

} // namespace astcti::calls
