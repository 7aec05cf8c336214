// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/routing/end_reason.hpp"

#include <algorithm>
#include <array>

namespace astcti::routing {
namespace {

using calls::Leg;
using protocol::EndReason;

constexpr std::uint32_t cause_busy = 17; // ITU-T Q.850
constexpr std::uint32_t cause_no_answer = 19;
constexpr std::uint32_t cause_rejected = 21;
constexpr std::uint32_t cause_answered_elsewhere = 26;
// No such number, no route, absent, out of order, congestion, not available …
constexpr std::array<std::uint32_t, 11> failures{1, 3, 20, 27, 34, 38, 41, 42, 44, 58, 66};

// How Asterisk says that a dial ended, if it was not answered.
EndReason from_status(std::string_view status) noexcept {
    if (status == "NOANSWER")
        return EndReason::no_answer;
    if (status == "BUSY")
        return EndReason::busy;
    if (status == "CANCEL")
        return EndReason::cancelled;
    if (status == "CONGESTION" || status == "CHANUNAVAIL")
        return EndReason::failed;
    return EndReason::none;
}

// Of the dial that the call was: the one for the leg, or the one that it made.
std::string_view status_of(const Leg& leg) noexcept {
    const bool made = leg.places || (leg.originated && leg.is_up());
    return made ? leg.child_dial_status : leg.dial_status;
}

} // namespace

EndReason end_reason(const Leg& leg, bool was_answered) noexcept {
    if (leg.gone == calls::Gone::lost)
        return EndReason::failed;
    if (leg.transferred || (leg.forwarded && !was_answered))
        return EndReason::transferred;
    if (was_answered)
        return EndReason::normal;
    if (leg.elsewhere || leg.cause == cause_answered_elsewhere)
        return EndReason::answered_elsewhere;
    if (leg.cause == cause_rejected)
        return EndReason::rejected;
    if (const auto reason = from_status(status_of(leg)); reason != EndReason::none)
        return reason;
    if (leg.cause == cause_busy)
        return EndReason::busy;
    if (leg.cause == cause_no_answer)
        return EndReason::no_answer;
    if (std::ranges::find(failures, leg.cause) != failures.end())
        return EndReason::failed;
    // Nobody knows how the dial of a channel ended that vanished while nobody looked.
    const bool nothing_said = leg.dial_status.empty() && leg.child_dial_status.empty();
    if (leg.gone == calls::Gone::unlisted && nothing_said)
        return EndReason::failed;
    // Asterisk may tell that nobody took a call that it was made to place after the Hangup.
    return leg.originated && !leg.is_up() && nothing_said ? EndReason::no_answer
                                                          : EndReason::cancelled;
}

} // namespace astcti::routing
