// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace astcti::routing {

// On one PBX: its channels PJSIP/201-… are at the telephone that accounts know as SIP/201, or as
// PJSIP/201.
struct Alias {
    std::string channel; // a technology, as the PBX calls it: "PJSIP"
    std::string device;  // as accounts do: "SIP"
};

using Aliases = std::vector<Alias>;

// A device as the administrator wrote it, as Asterisk's channels are called:
// "Local/201@from-queue/n" is "Local/201@from-queue".
std::string_view channel_device(std::string_view configured) noexcept;

// What the channels of a configured device may be called; none for no device.
std::vector<std::string> names_of(std::string_view configured, const Aliases& aliases);

// What the PBX calls the telephone of a configured device, to ring it: "PJSIP/201" for "SIP/201".
std::string name_to_dial(std::string_view configured, const Aliases& aliases);

} // namespace astcti::routing
