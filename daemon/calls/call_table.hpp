// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/ami/packet.hpp"
#include "daemon/calls/leg.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace astcti::calls {

// What happened to a leg. `leg` is valid until the table is changed or swept.
struct Change {
    enum class What {
        began,   // the channel is there
        state,   // its state is another
        linked,  // it is in a bridge with another leg, for the first time
        details, // anything else that is told of it
        ended,   // it hung up, or vanished
    };

    const Leg* leg = nullptr;
    What what = What::details;
};

// What one PBX is doing right now, rebuilt from its events. Pure: takes packets and the
// time, returns what changed, touches no socket and no clock. Ended legs stay until sweep(),
// so that whoever is told of an end can still look at the whole.
class CallTable {
public:
    // More channels than this are not kept: a PBX has a few hundred.
    static constexpr std::size_t max_legs = 20000;

    // Which dialplan variables to keep, of those that channelvars= in manager.conf adds to
    // events, or VarSet tells.
    CallTable(std::string pbx, std::vector<std::string> variables);

    const std::string& pbx() const noexcept { return pbx_; }

    // An event that is not about channels, or about one that was never seen, changes nothing.
    std::vector<Change> apply(const ami::Packet& event, Clock now);

    // Around a snapshot: events in between are applied at once, legs from before are brought
    // up to date. end_snapshot() ends those that were not mentioned.
    void begin_snapshot();
    std::vector<Change> end_snapshot(Clock now);

    // The PBX has been away for too long: everything ends.
    std::vector<Change> end_all(Clock now);

    // Forgets the legs that ended.
    void sweep();

    const Leg* find(std::string_view uniqueid) const noexcept;
    const std::map<std::string, Leg, std::less<>>& legs() const noexcept { return legs_; }

    // The leg that began the conversation: follows who dialled for whom, then who is in the
    // same bridge and was not dialled, then Linkedid. May be the leg itself.
    const Leg& caller_of(const Leg& leg) const noexcept;

private:
    using Changes = std::vector<Change>;

    Leg* known(const ami::Packet& event, std::string_view prefix);
    Leg* find_mutable(std::string_view uniqueid) noexcept;
    void begin_leg(const ami::Packet& event, Clock now, Changes& changes);
    void update(Leg& leg, const ami::Packet& event, std::string_view prefix, Clock now,
                Changes& changes);
    void set_state(Leg& leg, std::string_view text, Clock now, Changes& changes);
    void read_variables(Leg& leg, const ami::Packet& event, std::string_view key, bool& changed);
    bool set_variable(Leg& leg, std::string_view name, std::string value);
    void dial(const ami::Packet& event, Clock now, Changes& changes);
    void dial_ended(const ami::Packet& event, Clock now, Changes& changes);
    void bridge_entered(Leg& leg, const ami::Packet& event, Changes& changes);
    void var_set(Leg& leg, const ami::Packet& event, Changes& changes);
    void snapshot_item(const ami::Packet& event, Clock now, Changes& changes);
    void hang_up(Leg& leg, const ami::Packet& event, Clock now, Changes& changes);
    void end(Leg& leg, std::uint32_t cause, Clock now, Changes& changes);

    std::string pbx_;
    std::vector<std::string> variables_;
    std::map<std::string, Leg, std::less<>> legs_;
    bool in_snapshot_ = false;
    std::set<std::string, std::less<>> mentioned_;       // in this snapshot, or begun meanwhile
    std::set<std::string, std::less<>> ended_meanwhile_; // the snapshot may name them still
    std::set<std::string, std::less<>> stale_;           // were there before the snapshot
};

} // namespace astcti::calls
