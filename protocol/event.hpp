// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "protocol/call.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>

namespace astcti::protocol {

// Everything that was known before is void; what follows up to SnapshotEnd is all there is.
struct SnapshotBegin {
    std::string epoch;
    std::string user;
    std::string extension;

    bool operator==(const SnapshotBegin&) const = default;
};

struct SnapshotEnd {
    bool operator==(const SnapshotEnd&) const = default;
};

// The state of a telephone system.
struct PbxState {
    std::string pbx;
    bool up = false;

    bool operator==(const PbxState&) const = default;
};

// Longest list of rules that a server tells, and longest part of one in an event, in bytes.
inline constexpr std::size_t max_rules_size = 32768;
inline constexpr std::size_t max_rules_part = 8192;

// A part of the server's rules, told to who asked for them: PROTOCOL.md section 3.2.
struct RulesPart {
    std::string list;       // its id: another list has another one
    std::size_t size = 0;   // of the list, in bytes
    std::size_t offset = 0; // of this part
    std::string text;

    bool operator==(const RulesPart&) const = default;
};

// A call as it is now. `peer_changed`: its state is as before, only the other party,
// or what is known of it, is not. `resumed`: it is answered again, after it was held.
struct CallEvent {
    Call call;
    bool peer_changed = false;
    bool resumed = false;

    bool operator==(const CallEvent&) const = default;
};

using EventBody = std::variant<SnapshotBegin, SnapshotEnd, PbxState, CallEvent, RulesPart>;

// One line of the native dialect: PROTOCOL.md section 3.
struct Event {
    std::uint64_t seq = 0;
    Microseconds time = 0;
    EventBody body;

    bool operator==(const Event&) const = default;
};

} // namespace astcti::protocol
