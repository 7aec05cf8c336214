// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/clients/connection_table.hpp"
#include "daemon/event/loop.hpp"
#include "daemon/event/timer.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace astcti {

// A file of rules for desktops, checked as these check it.
struct RulesText {
    std::string list; // the id; another text has another one, on every server
    std::string text;
    std::size_t count = 0; // of the rules in it
};

// Blocks. Throws config::ConfigError with every mistake.
RulesText read_rules_for_desktops(const std::string& file);

// Tells the administrator's rules to the desktops that asked for them: PROTOCOL.md section 3.2.
class DesktopRules {
public:
    // When there are new ones so many are told at once, and further ones this much later: nobody
    // who has to hear of a call waits for rules.
    static constexpr std::size_t told_in_a_turn = 16;
    static constexpr auto turn_interval = std::chrono::milliseconds(10);

    // An empty file is none. Throws config::ConfigError.
    DesktopRules(event::Loop& loop, clients::ConnectionTable& clients, std::string file);

    // Reads the file anew and tells everybody, if it is another one. Throws config::ConfigError;
    // then all is as it was.
    void reload();

    // The answer to RULES.
    void asked(clients::Connection& connection);
    // To who wants them and does not know them. Who is slow is told before its next snapshot, for
    // which this is called.
    void tell(clients::Connection& connection);

    // "3 of /etc/astcti/rules.xml", or "none".
    std::string describe() const;

private:
    void take_turn();

    clients::ConnectionTable& clients_;
    std::string file_;
    RulesText rules_;
    std::vector<clients::SessionId> due_; // who is to be told, the last one first
    event::Timer turn_;
};

} // namespace astcti
