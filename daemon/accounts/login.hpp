// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/accounts/store.hpp"
#include "daemon/accounts/verified.hpp"

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

// Whoever has a token for the account, which who asks has verified but for secret_version below.
struct TokenLogin {
    std::string user;
};

using Credentials = std::variant<PasswordLogin, Md5Login, LocalLogin, TokenLogin>;

// What becomes of a stored secret when its owner logs in.
enum class SecretUpgrade {
    keep,   // as it is: the original may run on the same table
    wrap,   // a bare MD5 becomes {Y-MD5}
    native, // and with a password {Y}, which the original's dialect has no use for
};

struct LoginRules {
    bool enforce_host = false;
    SecretUpgrade upgrade = SecretUpgrade::keep;
};

struct LoginOutcome {
    enum class Result {
        accepted,
        refused,
        try_later, // it could not be found out; the password may be right
    };

    Result result = Result::refused;
    Account account; // if accepted; without its secret

    // For the log, not for the peer. Neither holds anything that the peer sent.
    std::string why; // if not accepted
    std::vector<std::string> warnings;

    // If accepted: another one after the account's secret was changed. 32 bytes, not for the peer.
    std::string secret_version = {};
};

// Blocks for the database and for one yescrypt, also for a user that does not exist, unless
// `verified` knows this one: call it in a worker. An account without an extension gets that of
// the desk (cti_seat). `peer` is as in host.hpp. Throws StoreError if the accounts cannot be read:
// the password may be right.
LoginOutcome log_in(Store& store, Verified& verified, const Credentials& credentials,
                    std::string_view peer, const LoginRules& rules);

} // namespace astcti::accounts
