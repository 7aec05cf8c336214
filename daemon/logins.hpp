// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/accounts/login.hpp"
#include "daemon/accounts/store_pool.hpp"
#include "daemon/event/paced.hpp"
#include "daemon/event/worker_pool.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace astcti {

// The accounts, for the loop's thread, which must not wait for a database or a password hash:
// worker threads of its own do, so that nothing else waits for them either. Answers come in the
// loop's thread.
class Logins {
public:
    static constexpr unsigned max_threads = 4;
    // Without a hash a look-up costs less than to begin one: when many come those of such a while
    // are done together, so many at a time, as what follows them is one turn of the loop.
    static constexpr auto together = std::chrono::milliseconds(10);
    static constexpr std::size_t max_together = 64;

    using Answer = std::function<void(const accounts::LoginOutcome&)>;
    // Nothing if they cannot be read now.
    using Devices = std::function<void(const std::optional<std::set<std::string>>&)>;
    // May the device be the person's? Nothing if it cannot be found out.
    using Allowed = std::function<void(std::optional<bool>)>;
    // Empty if the accounts can be read.
    using Trouble = std::function<void(const std::string&)>;

    Logins(event::Loop& loop, accounts::StorePool::Maker make, accounts::LoginRules rules);

    // `peer` is as in accounts/host.hpp. If too many wait the answer comes at once: try later.
    void log_in(accounts::Credentials credentials, const std::string& peer, Answer answer);

    // Is it one of the account's, or of the desk that the peer is at? If too many wait the answer
    // comes at once.
    void check_device(const std::string& user, const std::string& peer, const std::string& device,
                      const Allowed& answer);

    // The devices of all accounts. If there is too much to do there is no answer.
    void read_devices(Devices answer);

    // Can they be read? Makes an empty SQLite file ready.
    void check(Trouble answer);

private:
    struct LookUp {
        accounts::Credentials credentials;
        std::string peer;
        Answer answer;
        accounts::LoginOutcome outcome;
    };
    using LookUps = std::vector<LookUp>;

    void check_hash(const accounts::Credentials& credentials, const std::string& peer,
                    const Answer& answer);
    void look_up(accounts::Credentials credentials, const std::string& peer, Answer answer);
    void begin_look_ups();
    void look_up_together(LookUps& all);

    LookUps asked_; // since the last ones were begun
    event::Paced begin_;
    accounts::StorePool stores_;
    accounts::Verified verified_;
    accounts::LoginRules rules_;
    event::WorkerPool workers_; // these are last: they end before what their jobs use
    // For what needs no password hash, and so does not wait for those of others.
    event::WorkerPool quick_;
};

} // namespace astcti
