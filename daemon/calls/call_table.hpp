// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/ami/packet.hpp"
#include "daemon/calls/channel_event.hpp"
#include "daemon/calls/leg_table.hpp"
#include "daemon/calls/snapshot.hpp"
#include "daemon/calls/untrue_ends.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace astcti::calls {

// What happened to a leg. `leg` is valid until the table is changed or swept.
struct Change {
    enum class What {
        began,   // the channel is there
        state,   // its state is another
        renamed, // it has another channel, and so another device
        linked,  // it is in a bridge with another leg, for the first time
        details, // anything else that is told of it, or who it is tied to
        ended,   // it hung up, or vanished
    };

    const Leg* leg = nullptr;
    What what = What::details;
};

using Changes = std::vector<Change>;

// A call that was to be placed, and of which Asterisk has no channel.
struct RefusedOriginate {
    std::string uniqueid; // that its channel was to have
    std::string device;
    std::string context;
    std::string extension;
};

// What one PBX is doing right now, rebuilt from its events: ARCHITECTURE.md section 3.1 is the
// table that this is. Pure: takes packets and the time, returns what changed, touches no
// socket and no clock. Ended legs stay until sweep(), so that whoever is told of an end can
// still look at the whole.
class CallTable {
public:
    // Which dialplan variables to keep, of those that channelvars= in manager.conf adds to
    // events, or VarSet or UserEvent(AstCTI) tells.
    CallTable(std::string pbx, std::vector<std::string> variables);

    const std::string& pbx() const noexcept { return pbx_; }

    // Whether an event of this name may change anything. The packet is as it came: for what
    // there is most of, VarSet, this looks for the variables that are kept.
    bool wants(std::string_view event, std::string_view packet);

    // An event that is not about channels, or about one that was never seen, changes nothing.
    // The answer is valid until the next call.
    const Changes& apply(const ami::Packet& event, Clock now);

    // Asterisk refused it, or never said that it would place it: begins and ends, as one does
    // that it tried in vain. Nothing if there is a channel after all.
    const Changes& originate_refused(const RefusedOriginate& refused, Clock now);

    // Around a snapshot: its items and what happens meanwhile are applied as they come.
    // end_snapshot() ends the legs that were not mentioned and tells of those that are new.
    void begin_snapshot();
    const Changes& end_snapshot(Clock now);

    // An item of a snapshot that was cut off behind its Channel: that one is there.
    void listed_in_part(const ami::Packet& item);
    // An event that may be a caller's words. If it is true that it ends a channel, the next
    // snapshot, which should be asked for soon, ends it.
    void doubt(const ami::Packet& event);
    // How many ends of channels were found not to be true. Said once.
    std::size_t take_forgeries() noexcept { return untrue_.take_forgeries(); }

    // The PBX has been away for too long: everything ends.
    const Changes& end_all(Clock now);

    // Forgets the legs that ended.
    void sweep() { legs_.sweep(); }

    // An event was about a channel that is not known: a snapshot would tell. Said once.
    bool take_suspicion() noexcept { return std::exchange(suspicion_, false); }

    const Leg* find(std::string_view uniqueid) const noexcept { return legs_.find(uniqueid); }
    const LegTable& legs() const noexcept { return legs_; }

    // When the last event was applied.
    Clock now() const noexcept { return now_; }

    // Asterisk 12 and newer tells of each dial when it begins.
    bool tells_dials() const noexcept { return seen_linkedid_; }

private:
    void apply_to_known(Leg& leg, const ChannelEvent& event, Clock now);
    void apply_to_any(const ChannelEvent& event, Clock now);

    Leg* known(const ChannelEvent& event);
    Leg* named(const ChannelEvent& event, Field channel, Field uniqueid);
    void begun(const ChannelEvent& event, Clock now);
    Leg* begin_leg(const ChannelEvent& event, std::string_view clean_id, std::uint32_t hash,
                   Clock now);
    void update(Leg& leg, const ChannelEvent& event, Clock now);
    void set_state(Leg& leg, std::string_view text, Clock now);
    void answered_elsewhere(const Leg& parent, const Leg* answered, int depth);
    bool keeps(std::string_view name) const;
    bool set_variable(Leg& leg, std::string_view name, std::string_view value, bool escaped);
    void user_event(Leg& leg, const ChannelEvent& event);
    void literal_set(Leg& leg, const ChannelEvent& event);
    void dial(const ChannelEvent& event, Clock now);
    void tie_dial(const ChannelEvent& event, Leg* caller, Leg& callee);
    void took_call(Leg* caller, Leg& leg);
    void dial_ended(const ChannelEvent& event, Leg* caller, Leg* callee);
    void enter_bridge(Leg& leg, const ChannelEvent& event);
    void joined(Leg& leg, Bridge& bridge, const ChannelEvent& event);
    void link(Leg& leg);
    void leave_bridge(Leg& leg);
    void merge_bridges(const ChannelEvent& event);
    void link_pair(std::string_view one, std::string_view other);
    void unlink_pair(Leg& one, const ChannelEvent& event);
    void picked_up(Leg& leg, const ChannelEvent& event);
    void transferred(const ChannelEvent& event);
    void parked(const ChannelEvent& event);
    void renamed(const ChannelEvent& event);
    void take_over(Leg& leg, const Leg& before);
    void originate_failed(const ChannelEvent& event, Clock now);
    void add_stillborn(const RefusedOriginate& refused, std::uint32_t cause, Clock now);
    void bridge_listed(const ChannelEvent& event);
    void queue_listed(const ChannelEvent& event);
    static void note_ivr(Leg& callee);
    void tie_hinted(Leg& leg, Leg& caller);
    const Leg* bridged_with(const ChannelEvent& event);
    void listed(const ChannelEvent& event, Clock now);
    void end(Leg& leg, std::uint32_t cause, Clock now);
    void tell(const Leg& leg, Change::What what);
    void tell_around(const Leg& leg);

    std::string pbx_;
    std::vector<std::string> variables_;
    LegTable legs_;
    Snapshot snapshot_;
    UntrueEnds untrue_;
    KnownPlaces places_;
    Changes changes_;
    Clock now_ = 0;
    bool seen_linkedid_ = false;       // Asterisk 13 or newer
    bool seen_connected_line_ = false; // 1.8 or newer
    bool seen_variable_ = false;       // no 1.4: it has no VarSet and no ChanVariable
    bool suspicion_ = false;
};

} // namespace astcti::calls
