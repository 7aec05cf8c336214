// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/simulated/attacker.hpp"
#include "tests/support/simulated/client.hpp"
#include "tests/support/simulated/services.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace astcti::simulated {

// One course of events, made from its seed: clients with accounts, attackers, calls, a server that
// is started anew, killed, or has no accounts for a while. After every step it looks at what must
// always be true, and at the end at what must be true when all is calm.
class Schedule {
public:
    struct Totals {
        std::uint64_t schedules = 0;
        std::uint64_t steps = 0;
        std::uint64_t events = 0;
        std::uint64_t restarts = 0;
        std::uint64_t dialled = 0;
        std::uint64_t failures = 0; // for want of memory
        std::uint64_t most_unsent = 0;
        Time longest_way_in = 0;
        Counts clients;
    };

    Schedule(std::uint64_t seed, Totals& totals, bool traces = false);

    // Empty, or what was not as it should be.
    std::string run();
    // The same, and the server may run out of memory at any time, which is as if it was killed.
    std::string run_short_of_memory();

private:
    void add_people();
    void add_client(const std::string& user, bool is_original, std::uint64_t where);
    void limit_descriptors();
    void add_attackers();

    void step();
    void call();
    void pass();
    void trouble();
    void restart(bool kill);
    void restart_if_failed();
    void look();
    void look_at_queues();

    // Nobody is kept out, whatever the attackers do.
    void besiege();
    void add_neighbour(const Client& victim);
    void let_all_in();
    void calm_down();
    bool is_first_original(const Client& client) const;

    World world_;
    Services services_;
    Ledger ledger_;
    Switchboard switchboard_;
    Totals& totals_;
    std::vector<std::string> devices_;
    std::vector<std::unique_ptr<Client>> clients_;
    std::vector<std::unique_ptr<Attacker>> attackers_;
    std::unique_ptr<Attacker> neighbour_; // at the address of one whom it guesses at
    std::string besieged_;
    std::map<clients::SessionId, Time> unsent_since_;
    unsigned life_ = 0;
    bool is_narrow_ = false; // has few descriptors
    std::unique_ptr<Server> server_;
};

} // namespace astcti::simulated
