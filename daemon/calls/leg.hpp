// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace astcti::calls {

// Microseconds since 1970 UTC; 0 is "not yet".
using Clock = std::uint64_t;

// What Asterisk says of a channel (ChannelStateDesc), as far as it matters here.
enum class LegState {
    down,    // exists, does not ring yet
    calling, // "Ring": the phone calls out, Asterisk has not answered
    ringing, // "Ringing": the phone rings
    up,
};

// One Asterisk channel, as its events tell. Texts are clean UTF-8.
struct Leg {
    std::string uniqueid;
    std::string linkedid; // a hint: Asterisk rewrites it when it joins calls
    std::string channel;  // "PJSIP/201-00000001"
    std::string device;   // "PJSIP/201"
    LegState state = LegState::down;
    std::string state_text; // as Asterisk wrote it
    std::string number;     // the device's own
    std::string name;
    std::string connected_number; // of whom it talks to, or is called by
    std::string connected_name;
    std::string context;
    std::string extension;       // now
    std::string first_extension; // what was dialled, if this leg dialled
    std::string queue;           // that it waits in, or came through
    std::map<std::string, std::string, std::less<>> variables;

    bool dialed = false; // Asterisk called this device (Dial, Queue, Originate)
    // It is known for whom. Asterisk may tell that a telephone rings a moment before it tells
    // who calls, and with it what the caller typed (seen with Asterisk 22).
    bool dial_told = false;
    std::string dialed_by;         // uniqueid of the leg it was called for; empty if there is none
    std::string dial_status;       // how that ended: ANSWER, NOANSWER, BUSY, CANCEL …
    bool child_rings = false;      // a leg that was called for this one rings, or did
    std::string child_dial_status; // how the last call made for this leg ended
    std::string bridge;            // that it is in; empty if in none
    bool linked = false;           // was in a bridge with another
    // The caller's, when this leg, which was dialled, was first linked: they are still told
    // at its end, when the caller may be gone.
    std::string link_context;
    std::map<std::string, std::string, std::less<>> link_variables;

    Clock start = 0;
    Clock answer = 0;
    Clock end = 0;           // not 0: it hung up, and goes with the next sweep
    bool lost = false;       // it ended for us, as its PBX was away for too long
    std::uint32_t cause = 0; // ITU-T Q.850
};

// "PJSIP/front-desk-0000001f" → "PJSIP/front-desk": up to the last '-', without the ";1" or
// ";2" of a Local channel.
std::string_view device_of(std::string_view channel) noexcept;

} // namespace astcti::calls
