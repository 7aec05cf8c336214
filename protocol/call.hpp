// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace astcti::protocol {

// What a person knows of a call; the words are those of PROTOCOL.md section 3.
enum class CallState { dialing, alerting, ringing, answered, held, ended };
enum class Direction { inbound, outbound };
enum class EndReason {
    none,
    answered_elsewhere,
    no_answer,
    busy,
    rejected,
    cancelled,
    failed,
    transferred,
    normal
};

// Microseconds since 1970 UTC (CLOCK_REALTIME); 0 is "not known" or "not yet".
using Microseconds = std::uint64_t;

// Longest values told of a call, in bytes; longer ones are cut at a character.
inline constexpr std::size_t max_name_size = 256;
inline constexpr std::size_t max_variable_size = 512;
inline constexpr std::size_t max_variables = 8;

// One person's part of a conversation: PROTOCOL.md section 3.1. An empty string is "no value".
struct Call {
    std::string id;
    std::string pbx;
    Direction direction = Direction::inbound;
    CallState state = CallState::ringing;
    std::string uniqueid;
    std::string linkedid;
    std::string channel;
    std::string own_number;
    std::string own_name;
    std::string peer_number;
    std::string peer_name;
    std::string peer_uniqueid; // of the other party's channel: another one is another party
    bool withheld = false;     // the other party does not want its number and name to be shown
    bool internal = false;     // the other party is a desk, and no IVR or queue was in between
    std::string called_number;
    std::string context;
    std::string queue;
    std::string calldata;
    std::vector<std::pair<std::string, std::string>> variables;
    Microseconds start = 0;
    Microseconds answer = 0;
    Microseconds end = 0;
    EndReason end_reason = EndReason::none;
    std::uint32_t cause = 0; // ITU-T Q.850

    bool operator==(const Call&) const = default;
};

// An agent of a pool between two callers: the telephone is off the hook, and nobody is there.
bool is_alone(const Call& call) noexcept;

// The words of D-Bus and of the wire: "ringing", "inbound", "answered-elsewhere"; "" for
// EndReason::none.
std::string_view to_word(CallState state) noexcept;
std::string_view to_word(Direction direction) noexcept;
std::string_view to_word(EndReason reason) noexcept;

std::optional<CallState> call_state_from(std::string_view word) noexcept;
std::optional<Direction> direction_from(std::string_view word) noexcept;
std::optional<EndReason> end_reason_from(std::string_view word) noexcept;

} // namespace astcti::protocol
