// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ami/doubt.hpp"

#include <algorithm>
#include <array>

namespace astcti::ami {
namespace {

using namespace std::string_view_literals;

// With a Channel they have its Uniqueid, in each version that has them.
constexpr std::array with_uniqueid{
    "Newchannel"sv, "Newstate"sv,    "NewCallerid"sv, "Newcallerid"sv,    "NewConnectedLine"sv,
    "Newexten"sv,   "Hangup"sv,      "BridgeEnter"sv, "BridgeLeave"sv,    "DialBegin"sv,
    "DialState"sv,  "DialEnd"sv,     "Hold"sv,        "Unhold"sv,         "QueueCallerJoin"sv,
    "UserEvent"sv,  "AgentCalled"sv, "VarSet"sv,      "CoreShowChannel"sv};

// Headers that callers can write a line end into, and behind which every event has others.
constexpr std::array never_last{"CallerIDNum"sv, "ConnectedLineNum"sv, "AccountCode"sv};

} // namespace

bool Doubt::is_cut(const Packet& event) noexcept {
    const auto headers = event.headers();
    if (headers.empty())
        return false;
    const auto last = headers.back().key;
    // Those of a second channel have a prefix: DestCallerIDNum.
    const bool ends_early = std::ranges::any_of(
        never_last, [last](std::string_view key) { return last.ends_with(key); });
    if (!ends_early && !event.has_channel_alone())
        return false;
    const auto name = event.event();
    return (ends_early && name != "UserEvent") ||
           (event.has_channel_alone() &&
            std::ranges::find(with_uniqueid, name) != with_uniqueid.end());
}

bool Doubt::has_callers_values(std::string_view item) noexcept {
    return item == "CoreShowChannel" || has_late_action_id(item);
}

bool Doubt::has_late_action_id(std::string_view item) noexcept {
    return item == "QueueEntry" || item == "Status";
}

} // namespace astcti::ami
