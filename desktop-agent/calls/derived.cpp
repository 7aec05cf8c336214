// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/calls/derived.hpp"

namespace astcti::calls {
namespace {

// Asterisk names a channel DEVICE-NUMBER, and the halves of a Local one end in ;1 and ;2.
std::string device_of(std::string_view channel) {
    return std::string(channel.substr(0, channel.rfind('-')));
}

} // namespace

std::string_view presentation_of(const protocol::Call& call) noexcept {
    if (call.withheld)
        return "withheld";
    return call.peer_number.empty() && call.peer_name.empty() ? "unknown" : "allowed";
}

std::vector<std::string> devices_of(const protocol::Call& call) {
    if (call.channel.empty())
        return {};
    return {device_of(call.channel)};
}

std::string answered_by(const protocol::Call& call) {
    const bool was_answered = call.direction == protocol::Direction::inbound && call.answer != 0;
    return was_answered ? device_of(call.channel) : std::string();
}

} // namespace astcti::calls
