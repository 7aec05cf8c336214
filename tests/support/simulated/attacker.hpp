// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/simulated/ledger.hpp"
#include "tests/support/simulated/server.hpp"

#include <string>
#include <vector>

namespace astcti::simulated {

// Somebody who knows the names of accounts, has heard used tokens, and means ill: guesses, floods,
// sends rubbish, halves and nothing.
class Attacker {
public:
    // For an answer to a password: the longest delay, and the longest work.
    static constexpr Time longest_login = 6 * second;

    // Where it `is_narrow` nobody need be let in.
    Attacker(std::string address, std::vector<std::string> victims, const Ledger& ledger,
             bool is_narrow, Time login = longest_login)
        : address_(std::move(address)), victims_(std::move(victims)), ledger_(ledger),
          is_narrow_(is_narrow), longest_login_(login) {}

    void act(Server& server);
    // Guesses at one account, as fast as it may.
    void besiege(Server& server, const std::string& victim);
    // The same, and has always asked already when somebody else asks.
    void pester(Server& server, const std::string& victim);
    void leave();
    // Looks at what comes: never more than refusals, nor for longer than is allowed.
    void look();
    // Which `failed` may have been before it welcomed anybody.
    void server_gone(bool failed);

private:
    struct Line {
        int fd;
        Time since;
        unsigned logins = 0;     // that it asked for: the deadline does not run meanwhile
        bool is_welcome = false; // there is room for it
        std::string in = {};
    };

    void connect(Server& server);
    void say(Line& line);
    void check(Line& line);

    std::string address_;
    std::vector<std::string> victims_;
    const Ledger& ledger_;
    bool is_narrow_;
    Time longest_login_;
    std::vector<Line> lines_;
};

} // namespace astcti::simulated
