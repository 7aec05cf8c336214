// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/base/digest.hpp"
#include "protocol/call.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace astcti::clients {

// What tokens are signed with. Several nodes may have the same, and then take each other's.
struct TokenKey {
    static constexpr std::size_t size = 32;
    static constexpr std::size_t max_id = 16;

    std::string id;     // A-Za-z0-9_-
    std::string secret; // 32 bytes
};

// One line for each key, "ID HEX": the first signs, all are believed, so that a key can be
// replaced without voiding what it signed. Nothing if the text is not that.
std::optional<std::vector<TokenKey>> read_token_keys(std::string_view text);
std::string to_text(const TokenKey& key);

// What a token says, once its signature was found good.
struct TokenClaims {
    std::string user;
    std::string id;   // 16 bytes, of this token alone
    std::string mark; // of the account's secret when it was issued
    protocol::Microseconds expires = 0;
    std::string key_id;
};

enum class TokenFault { malformed, unknown_key, forged, expired, used, too_many };

// For the log.
std::string_view to_text(TokenFault fault) noexcept;

// Issues the tokens with which people come back after a gap, and takes each once. What it says is
// checked by one HMAC-SHA256: no database and no password hash. Pure: the time is an argument, and
// so is what is random.
//
// A token is "KEY-ID." and base64 of: a byte 1, when it expires (8 bytes, seconds since 1970), its
// id, the mark, the user, and the HMAC of "token", the key's id, "." and all of these.
class TokenBook {
public:
    static constexpr auto life = std::chrono::minutes(10);
    // Of two nodes' clocks, or of one that was set back.
    static constexpr auto max_skew = std::chrono::minutes(1);
    static constexpr std::size_t id_size = 16;
    static constexpr std::size_t mark_size = 16;
    // So that a line before the login holds it.
    static constexpr std::size_t max_user = 255;
    // That have not expired. When there are so many none is taken, rather than one twice.
    static constexpr std::size_t max_used = 65536;

    using Used = std::pair<protocol::Microseconds, std::string>; // when it expires, its id

    explicit TokenBook(const std::vector<TokenKey>& keys);

    // `secret_version` is another one after the account's secret was changed, which voids the
    // token; `random` has id_size bytes. Empty if the name is too long.
    std::string issue(std::string_view user, std::string_view secret_version,
                      protocol::Microseconds now, std::string_view random) const;

    // Takes it, once: whether the account's secret is still the one of then, is_of() tells.
    std::variant<TokenClaims, TokenFault> take(std::string_view token, protocol::Microseconds now);
    // It could not be found out whether it is good: it may be presented again.
    void give_back(const TokenClaims& claims);

    // Takes the same time whatever the secret is.
    bool is_of(const TokenClaims& claims, std::string_view secret_version) const;

    // Those that were taken before a restart.
    void restore(const std::vector<Used>& used, protocol::Microseconds now);
    const std::set<Used>& used() const noexcept { return used_; }

private:
    struct Signer {
        explicit Signer(const TokenKey& key) : id(key.id), hmac(key.secret) {}

        std::string id;
        base::HmacSha256 hmac;
    };

    static std::string mac_of(const Signer& signer, std::string_view body);
    static std::string mark_of(const Signer& signer, std::string_view user,
                               std::string_view secret_version);
    const Signer* find_signer(std::string_view id) const noexcept;
    std::variant<TokenClaims, TokenFault> open(std::string_view token) const;
    void forget_expired(protocol::Microseconds now);

    std::vector<Signer> signers_; // at least one
    std::set<Used> used_;
};

} // namespace astcti::clients
