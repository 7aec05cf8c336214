// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ami/doubt.hpp"

#include "daemon/ami/byte_marks.hpp"

#include <algorithm>
#include <array>

namespace astcti::ami {
namespace {

using namespace std::string_view_literals;

// With a Channel they have its Uniqueid, in each version that has them.
constexpr std::array with_uniqueid{
    "Newchannel"sv, "Newstate"sv,    "NewCallerid"sv, "Newcallerid"sv,     "NewConnectedLine"sv,
    "Newexten"sv,   "Hangup"sv,      "BridgeEnter"sv, "BridgeLeave"sv,     "DialBegin"sv,
    "DialState"sv,  "DialEnd"sv,     "Hold"sv,        "Unhold"sv,          "QueueCallerJoin"sv,
    "UserEvent"sv,  "AgentCalled"sv, "VarSet"sv,      "CoreShowChannel"sv, "NewAccountCode"sv};

// Headers that callers can write a line end into, and behind which every event has others.
constexpr std::array never_last{"CallerIDNum"sv, "ConnectedLineNum"sv, "AccountCode"sv};

// Those of a second channel have a prefix: DestCallerIDNum.
bool is_never_last(std::string_view header) noexcept {
    // All of them end with one of these, which hardly any other does.
    if (!header.ends_with("Num") && !header.ends_with("ode"))
        return false;
    return std::ranges::any_of(never_last,
                               [header](std::string_view key) { return header.ends_with(key); });
}

} // namespace

bool Doubt::is_cut(std::string_view packet) noexcept {
    if (packet.ends_with("\r\n\r\n")) // as nearly all do
        packet.remove_suffix(4);
    while (packet.ends_with('\n') || packet.ends_with('\r'))
        packet.remove_suffix(1);
    const auto line_end = last_line_end(packet);
    if (line_end == packet.npos)
        return false;
    packet.remove_prefix(line_end + 1);
    if (packet.starts_with("Value: ")) // as VarSet ends, which is most of what nobody needs
        return false;
    return is_never_last(packet.substr(0, packet.find(':')));
}

bool Doubt::is_cut(const Packet& event) noexcept {
    const auto headers = event.headers();
    if (headers.empty())
        return false;
    const bool ends_early = is_never_last(headers.back().key);
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
