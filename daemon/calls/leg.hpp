// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/calls/leg_text.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace astcti::calls {

// Microseconds since 1970 UTC; 0 is "not yet".
using Clock = std::uint64_t;

// What Asterisk says of a channel (ChannelStateDesc), as far as it matters here.
enum class LegState : std::uint8_t {
    down,    // exists, does not ring yet
    calling, // "Ring": the phone calls out, Asterisk has not answered
    ringing, // "Ringing": the phone rings
    up,
};

// What told that a channel is gone.
enum class Gone : std::uint8_t {
    hung_up,  // its Hangup
    unlisted, // the list of channels, which has it no more
    lost,     // nothing: its PBX was away for too long
};

struct Bridge;

// Longer texts are cut at a character: as long as the longest that is ever told.
inline constexpr std::size_t max_text_size = 512;

// How the ActionIDs and ChannelIds begin that astctid gives.
inline constexpr std::string_view our_ids = "astcti-";

// Asterisk 1.4 to 11 adds this to a channel's name before another channel gets the name.
inline constexpr std::string_view masquerading = "<MASQ>";

// A dialplan variable. The name is the table's, which keeps only those that it was told to.
using Variable = std::pair<std::string_view, LegText>;

// Few of them, in the order in which they came. One takes no memory of its own: calldata is
// mostly all.
class Variables {
public:
    Variable* begin() noexcept { return more_.empty() ? &first_ : more_.data(); }
    Variable* end() noexcept { return begin() + size(); }
    const Variable* begin() const noexcept { return more_.empty() ? &first_ : more_.data(); }
    const Variable* end() const noexcept { return begin() + size(); }
    std::size_t size() const noexcept {
        return more_.empty() ? std::size_t{first_.first.data() != nullptr} : more_.size();
    }

    void add(std::string_view name, std::string_view value);

private:
    Variable first_;             // without a name there is none
    std::vector<Variable> more_; // all of them, once there are two
};

// The value; empty if there is none.
std::string_view value_of(std::span<const Variable> variables, std::string_view name) noexcept;

// One Asterisk channel, as its events tell, and who it is tied to. Texts are clean UTF-8.
// The pointers are the table's: to legs and bridges that it owns.
struct Leg {
    Leg() = default;
    Leg(const Leg&) = delete; // others point here
    Leg& operator=(const Leg&) = delete;

    LegText uniqueid; // never another
    LegText channel;  // "PJSIP/201-00000001"

    // From here to the flags: what a walk along the ties looks at, side by side.
    Bridge* bridge = nullptr;   // that it is in
    Leg* parent = nullptr;      // the leg that it is, or was, called for
    std::vector<Leg*> children; // that are, or were, called for this one
    Leg* other_half = nullptr;  // of a Local channel
    Clock end = 0;              // not 0: it hung up, and goes with the next sweep

    std::uint32_t device_hash = 0; // hash_of() its device
    std::uint32_t waits_at = 0;    // see DeviceIndex
    // The last list of channels (by its number) that has this one, and the last one during which
    // something happened to it.
    std::uint32_t listed_in = 0;
    std::uint32_t touched_in = 0;
    // At the end of which it was told of: there all channels of a PBX may be.
    mutable std::uint32_t told_in = 0;

    LegState state = LegState::down;
    bool has_local_channel = false; // as its name says, which is far from here
    Gone gone = Gone::hung_up;
    bool places = false;        // it calls; not called by Asterisk
    bool dialled_later = false; // 1.4 to 1.6.1 do not tell at the beginning what it dialled
    bool dialed = false;        // Asterisk called this device (Dial, Queue, Originate)
    // It is known for whom. Asterisk may tell that a telephone rings a moment before it tells
    // who calls, and with it what the caller typed (seen with Asterisk 22).
    bool dial_told = false;
    bool originated = false;       // called for nobody: made to call
    bool stillborn = false;        // an originate that failed before there was a channel
    bool child_rings = false;      // a leg that was called for this one rings, or did
    bool after_ivr = false;        // whoever called it was connected to the PBX before
    bool elsewhere = false;        // another one was answered instead
    bool forwarded = false;        // its telephone sent the caller elsewhere
    bool picked_up = false;        // it answered another's ringing telephone
    bool transferred = false;      // it gave its party to another
    bool holds = false;            // it has put its party on hold
    bool is_agent = false;         // AgentLogin: waits for callers
    bool withheld = false;         // its number is not to be shown
    bool is_zombie = false;        // another leg has its telephone (Rename)
    bool linked = false;           // was in a bridge with another
    bool listed_as_called = false; // by that snapshot, which does not say by whom
    bool listed_only = false;      // from a snapshot that is not complete yet: not told of

    LegText linkedid;            // a hint: Asterisk rewrites it when it joins calls
    std::string_view state_text; // as Asterisk wrote it
    LegText number;              // the device's own
    LegText name;                //
    LegText connected_number;    // of whom it talks to, or is called by
    LegText connected_name;
    LegText context;
    LegText extension;       // now
    LegText first_extension; // what was dialled, if this leg dialled
    Variables variables;
    Clock start = 0;
    Clock answer = 0;

    // What most legs never have.
    LegText queue; // that it waits in, or came through
    // The variables of the leg that had dialled this one, from the moment when the two were first
    // in one bridge: they go with it wherever it is transferred to.
    std::vector<Variable> carried;
    LegText link_context;          // and its context
    LegText dial_status;           // how the dial for it ended: ANSWER, NOANSWER, BUSY, CANCEL …
    LegText child_dial_status;     // how the last call made for this leg ended
    LegText took_over;             // uniqueid of the leg whose channel this one has now (Rename)
    std::uint32_t cause = 0;       // ITU-T Q.850
    std::uint64_t ended_as = 0;    // the how manieth of this table
    Leg* next_at_device = nullptr; // see DeviceIndex
    Leg* previous_at_device = nullptr;

    bool is_local() const noexcept { return has_local_channel; }
    bool has_ended() const noexcept { return end != 0; }
    // Is somebody's telephone.
    bool is_there() const noexcept { return end == 0 && !is_zombie; }
    bool is_up() const noexcept { return state == LegState::up; }
};

// Which channel of two began first: Asterisk counts them in their ids, within a second.
bool began_before(const Leg* a, const Leg* b) noexcept;
// In this order, without going through the memory of each leg for each comparison: there may be
// all of a PBX.
void sort_by_beginning(std::vector<Leg*>& legs);

// Legs in the order in which they came. Two, which are nearly all there ever are, take no memory
// of their own.
class FewLegs {
public:
    Leg* const* begin() const noexcept { return more_.empty() ? few_.data() : more_.data(); }
    Leg* const* end() const noexcept { return begin() + size(); }
    std::size_t size() const noexcept { return more_.empty() ? count_ : more_.size(); }
    bool empty() const noexcept { return size() == 0; }
    Leg* front() const noexcept { return *begin(); }

    void push_back(Leg& leg);
    void erase(const Leg& leg);

private:
    std::array<Leg*, 2> few_{};
    std::size_t count_ = 0;
    std::vector<Leg*> more_; // once there were more, until there are none
};

// Legs that are in one bridge.
struct Bridge {
    BridgeId id;
    FewLegs members;
    // Parked callers and waiting agents: they do not hear each other (holding_bridge).
    bool holding = false;
    bool conference = false; // nobody's party

    bool ties() const noexcept { return !holding && !conference; }
};

// "PJSIP/front-desk-0000001f" → "PJSIP/front-desk": up to the last '-', without the ";1" or
// ";2" (1.4: ",1" or ",2") of a Local channel.
std::string_view device_of(std::string_view channel) noexcept;

// The channel's name but for that it is on its way to another one ("<MASQ>").
std::string_view lasting_name(std::string_view channel) noexcept;

// The half of a Local channel that is in the dialplan, for nobody's telephone.
bool is_second_half(std::string_view channel) noexcept;

} // namespace astcti::calls
