// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/call.hpp"

#include <array>

namespace astcti::protocol {
namespace {

constexpr std::array<std::string_view, 6> state_words{"dialing",  "alerting", "ringing",
                                                      "answered", "held",     "ended"};
constexpr std::array<std::string_view, 2> direction_words{"inbound", "outbound"};
constexpr std::array<std::string_view, 9> reason_words{"",       "answered-elsewhere", "no-answer",
                                                       "busy",   "rejected",           "cancelled",
                                                       "failed", "transferred",        "normal"};

template <typename Enum, std::size_t Count>
std::optional<Enum> find(const std::array<std::string_view, Count>& words,
                         std::string_view word) noexcept {
    for (std::size_t i = 0; i < Count; ++i)
        if (words[i] == word)
            return static_cast<Enum>(i);
    return std::nullopt;
}

} // namespace

bool is_alone(const Call& call) noexcept {
    return call.state == CallState::answered && call.peer_number.empty() &&
           call.peer_name.empty() && call.peer_uniqueid.empty() && call.calldata.empty() &&
           !call.withheld;
}

std::string_view to_word(CallState state) noexcept {
    return state_words[static_cast<std::size_t>(state)];
}

std::string_view to_word(Direction direction) noexcept {
    return direction_words[static_cast<std::size_t>(direction)];
}

std::string_view to_word(EndReason reason) noexcept {
    return reason_words[static_cast<std::size_t>(reason)];
}

std::optional<CallState> call_state_from(std::string_view word) noexcept {
    return find<CallState>(state_words, word);
}

std::optional<Direction> direction_from(std::string_view word) noexcept {
    return find<Direction>(direction_words, word);
}

std::optional<EndReason> end_reason_from(std::string_view word) noexcept {
    return find<EndReason>(reason_words, word);
}

} // namespace astcti::protocol
