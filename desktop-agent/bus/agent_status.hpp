// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "desktop-agent/bus/call_properties.hpp"

#include <map>
#include <string>
#include <vector>

namespace astcti::bus {

// A D-Bus error name and a sentence; both empty if all is well.
struct LastError {
    std::string name;
    std::string text;

    bool operator==(const LastError&) const = default;
};

// What org.astcti.Agent1 tells of the agent itself.
struct AgentStatus {
    std::string connection = "disconnected";
    std::map<std::string, bool> pbxs; // true: up
    std::string server;
    std::string user;
    std::vector<std::string> extensions;
    LastError last_error;
    bool popups_muted = false;

    bool operator==(const AgentStatus&) const = default;
};

// Its properties, Version included.
Properties properties_of(const AgentStatus& status);

} // namespace astcti::bus
