// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/clients/session.hpp"
#include "daemon/clients/token.hpp"
#include "daemon/event/worker_pool.hpp"
#include "daemon/used_tokens.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

namespace astcti {

// The keys of tokens: the credential astcti.token-key, else a file in the state directory, which is
// made if there is none; without such a directory one that lives as long as the process. Throws
// config::ConfigError or std::system_error.
std::vector<clients::TokenKey> load_token_keys(const std::string& state_dir,
                                               const std::string& credentials_dir);

// Issues and takes the tokens with which people come back, for the loop's thread.
class Tokens {
public:
    // So many come back in a second; and nobody is told to wait longer.
    static constexpr std::size_t returns_a_second = 500;
    static constexpr std::chrono::milliseconds max_spread = std::chrono::seconds(30);

    Tokens(event::Loop& loop, event::WorkerPool& workers, const std::string& state_dir,
           const std::string& credentials_dir);

    // `clients` are how many have to come back if all have to.
    clients::Grant grant(std::string_view user, std::string_view secret_version,
                         std::size_t clients) const;

    std::variant<clients::TokenClaims, clients::TokenFault> take(std::string_view token);
    // It brought somebody back; or it could not be found out.
    void used(const clients::TokenClaims& claims);
    void give_back(const clients::TokenClaims& claims) { book_.give_back(claims); }
    bool is_of(const clients::TokenClaims& claims, std::string_view secret_version) const {
        return book_.is_of(claims, secret_version);
    }

    // At the end of the program. Blocks.
    void save();

    static std::chrono::milliseconds spread(std::size_t clients) noexcept;

private:
    clients::TokenBook book_;
    UsedTokens record_;
};

} // namespace astcti
