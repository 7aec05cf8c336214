// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/routing/aliases.hpp"

#include <algorithm>

namespace astcti::routing {
namespace {

// "SIP" of "SIP/201".
std::string_view technology(std::string_view device) noexcept {
    return device.substr(0, device.find('/'));
}

std::string with(std::string_view other, std::string_view device) {
    return std::string(other).append(device.substr(technology(device).size()));
}

} // namespace

std::string_view channel_device(std::string_view configured) noexcept {
    if (!configured.starts_with("Local/"))
        return configured;
    const auto options = configured.find('/', configured.find('@'));
    return configured.substr(0, options);
}

std::vector<std::string> names_of(std::string_view configured, const Aliases& aliases) {
    const auto device = channel_device(configured);
    std::vector<std::string> names;
    if (device.empty())
        return names;
    names.emplace_back(device);
    const auto add = [&names](std::string name) {
        if (std::ranges::find(names, name) == names.end())
            names.push_back(std::move(name));
    };
    for (const auto& alias : aliases) {
        if (technology(device) == alias.device)
            add(with(alias.channel, device));
        if (technology(device) == alias.channel)
            add(with(alias.device, device));
    }
    return names;
}

std::string name_to_dial(std::string_view configured, const Aliases& aliases) {
    for (const auto& alias : aliases)
        if (technology(configured) == alias.device)
            return with(alias.channel, configured);
    return std::string(configured);
}

} // namespace astcti::routing
