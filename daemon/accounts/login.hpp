// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/accounts/store.hpp"

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace astcti::accounts {

struct PasswordLogin {
    std::string user;
    std::string password;
};

// PASS of the original's dialect: the client sends the MD5 of the password.
struct Md5Login {
    std::string user;
    std::string md5;
};

// The account that the administrator mapped to the Unix user at the other end. Nothing is
// verified here: the kernel did.
struct LocalLogin {
    std::string account;
};

using Credentials = std::variant<PasswordLogin, Md5Login, LocalLogin>;

struct LoginOutcome {
    enum class Result {
        accepted,
        refused,
        try_later, // the accounts could not be read; the password may be right
    };

    Result result = Result::refused;
    Account account; // if accepted; without its secret

    // For the log, not for the peer. Neither holds anything that the peer sent.
    std::string why; // if not accepted
    std::vector<std::string> warnings;
};

// Blocks for the database and for one yescrypt, also for a user that does not exist: call it in
// a worker. `peer` is as in host.hpp. Does not throw but for want of memory.
LoginOutcome log_in(Store& store, const Credentials& credentials, std::string_view peer,
                    bool enforce_host);

} // namespace astcti::accounts
