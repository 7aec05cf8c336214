// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/simulated/world.hpp"

#include <map>
#include <string>
#include <vector>

namespace astcti::simulated {

// Every token that was ever told, and what became of it: each works once, and never twice.
class Ledger {
public:
    // How often the account's secret was changed before the login began, and by now.
    struct Changes {
        unsigned least = 0;
        unsigned most = 0;
    };

    void told(const std::string& token, Changes changes);
    // A client sends it, `changed` being how often the secret was changed by now.
    void presented(const std::string& token, unsigned changed);
    void accepted(const std::string& token);
    void refused(const std::string& token, unsigned changed);
    // It was not looked at, and is as good as before.
    void put_off(const std::string& token);
    // The server was killed before it had written down what was used.
    void writes_lost();

    // For thieves.
    const std::vector<std::string>& used() const noexcept { return used_; }

private:
    struct Entry {
        Changes changes;
        Time expires = 0; // of the world's clock
        unsigned presented = 0;
        unsigned accepted = 0;
        Time last = 0;        // when it was presented
        unsigned changed = 0; // by then
        bool forgiven = false;
    };

    std::map<std::string, Entry> entries_;
    std::vector<std::string> used_;
};

} // namespace astcti::simulated
