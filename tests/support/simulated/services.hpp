// SPDX-License-Identifier: GPL-3.0-or-later
// What the server asks of others, in the place of threads, databases and the disk: see World.
#pragma once

#include "daemon/accounts/login.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace astcti::simulated {

struct Account {
    std::string password;
    std::string md5; // what the original's clients send
    std::string extension;
    std::vector<std::string> devices = {};
    unsigned changed = 0; // its secret was, so many times
};

// One at a time, as long as a World and longer than a life of the server.
class Services {
public:
    Services();
    ~Services();
    Services(const Services&) = delete;

    static Services& the();

    std::map<std::string, Account> accounts;
    std::string desk;                 // a telephone that everybody may have
    bool accounts_away = false;       // the database is
    mutable std::size_t accepted = 0; // so many logins
    std::string disk;                 // the used tokens that were written down

    accounts::LoginOutcome log_in(const accounts::Credentials& credentials) const;
    bool may_choose(const std::string& user, const std::string& device) const;

    // What a disk does a moment later, unless the server is killed before.
    void write(std::string bytes);
    // How many were lost.
    std::size_t lose_writes();
};

// A user's name is his number.
std::string name_of_user(unsigned uid);

} // namespace astcti::simulated
