// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/clients/token.hpp"

#include "daemon/base/base64.hpp"
#include "daemon/base/digest.hpp"

#include <algorithm>
#include <cassert>

namespace astcti::clients {
namespace {

constexpr char format = 1;
constexpr std::size_t time_size = 8;
constexpr std::size_t mac_size = 32;
constexpr std::size_t min_size =
    1 + time_size + TokenBook::id_size + TokenBook::mark_size + 1 + mac_size;
constexpr std::size_t max_keys = 8;
constexpr std::uint64_t second = 1000000;

std::uint64_t microseconds(std::chrono::microseconds time) noexcept {
    return static_cast<std::uint64_t>(time.count());
}

std::string big_endian(std::uint64_t value) {
    std::string bytes(time_size, '\0');
    for (std::size_t i = time_size; i-- > 0; value >>= 8U)
        bytes[i] = static_cast<char>(value & 0xFFU);
    return bytes;
}

std::uint64_t from_big_endian(std::string_view bytes) noexcept {
    std::uint64_t value = 0;
    for (const char c : bytes)
        value = (value << 8U) | static_cast<unsigned char>(c);
    return value;
}

bool is_key_id(std::string_view text) noexcept {
    constexpr std::string_view allowed =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
    return !text.empty() && text.size() <= TokenKey::max_id &&
           text.find_first_not_of(allowed) == text.npos;
}

int digit_of(char c) noexcept {
    constexpr int ten = 10;
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + ten;
    return -1;
}

std::optional<std::string> from_hex(std::string_view hex) {
    std::string bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
        const int high = digit_of(hex[i]);
        const int low = digit_of(hex[i + 1]);
        if (high < 0 || low < 0)
            return std::nullopt;
        bytes += static_cast<char>(high * 16 + low);
    }
    return bytes;
}

std::optional<TokenKey> read_key(std::string_view line) {
    const auto space = line.find(' ');
    if (space == line.npos || line.size() != space + 1 + 2 * TokenKey::size)
        return std::nullopt;
    auto secret = from_hex(line.substr(space + 1));
    if (!secret || !is_key_id(line.substr(0, space)))
        return std::nullopt;
    return TokenKey{std::string(line.substr(0, space)), std::move(*secret)};
}

} // namespace

std::optional<std::vector<TokenKey>> read_token_keys(std::string_view text) {
    std::vector<TokenKey> keys;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        auto key = read_key(text.substr(0, end));
        const bool twice = key && std::ranges::find(keys, key->id, &TokenKey::id) != keys.end();
        if (!key || twice || keys.size() == max_keys)
            return std::nullopt;
        keys.push_back(std::move(*key));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    if (keys.empty())
        return std::nullopt;
    return keys;
}

std::string to_text(const TokenKey& key) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text = key.id + ' ';
    for (const char c : key.secret) {
        text += digits[static_cast<unsigned char>(c) >> 4U];
        text += digits[static_cast<unsigned char>(c) & 0xFU];
    }
    return text + '\n';
}

std::string_view to_text(TokenFault fault) noexcept {
    switch (fault) {
    case TokenFault::malformed:
        return "its token is none";
    case TokenFault::unknown_key:
        return "its token was signed with a key that is not known here";
    case TokenFault::forged:
        return "its token was not signed by us";
    case TokenFault::expired:
        return "its token has expired";
    case TokenFault::used:
        return "its token was used before";
    case TokenFault::too_many:
        return "too many tokens were used lately";
    }
    return {};
}

TokenBook::TokenBook(const std::vector<TokenKey>& keys) : signers_(keys.begin(), keys.end()) {
    assert(!signers_.empty());
}

std::string TokenBook::mac_of(const Signer& signer, std::string_view body) {
    std::string message = "token";
    message += signer.id;
    message += '.';
    message += body;
    return signer.hmac.of(message);
}

// By the key, so that a token does not help to guess the secret.
std::string TokenBook::mark_of(const Signer& signer, std::string_view user,
                               std::string_view secret_version) {
    std::string message = "mark";
    message += user;
    message += '\0';
    message += secret_version;
    return signer.hmac.of(message).substr(0, TokenBook::mark_size);
}

std::string TokenBook::issue(std::string_view user, std::string_view secret_version,
                             protocol::Microseconds now, std::string_view random) const {
    assert(random.size() == id_size);
    if (user.empty() || user.size() > max_user)
        return {};
    const auto& signer = signers_.front();
    std::string body(1, format);
    body += big_endian((now + microseconds(life)) / second);
    body += random;
    body += mark_of(signer, user, secret_version);
    body += user;
    body += mac_of(signer, body);
    return signer.id + '.' + base::to_base64(body);
}

const TokenBook::Signer* TokenBook::find_signer(std::string_view id) const noexcept {
    const auto found = std::ranges::find(signers_, id, &Signer::id);
    return found == signers_.end() ? nullptr : &*found;
}

// Who it is for and until when, if it was signed by one of our keys.
std::variant<TokenClaims, TokenFault> TokenBook::open(std::string_view token) const {
    const auto dot = token.find('.');
    if (dot == token.npos || !is_key_id(token.substr(0, dot)))
        return TokenFault::malformed;
    const auto bytes = base::from_base64(token.substr(dot + 1));
    if (!bytes || bytes->size() < min_size || bytes->front() != format)
        return TokenFault::malformed;
    const auto* const signer = find_signer(token.substr(0, dot));
    if (!signer)
        return TokenFault::unknown_key;

    std::string_view rest(*bytes);
    const auto body = rest.substr(0, rest.size() - mac_size);
    if (!base::equal_in_constant_time(mac_of(*signer, body), rest.substr(body.size())))
        return TokenFault::forged;
    rest = body.substr(1);
    const auto take = [&rest](std::size_t size) {
        const auto taken = rest.substr(0, size);
        rest.remove_prefix(size);
        return taken;
    };
    TokenClaims claims;
    claims.expires = from_big_endian(take(time_size)) * second;
    claims.id = take(id_size);
    claims.mark = take(mark_size);
    claims.user = rest;
    claims.key_id = signer->id;
    return claims;
}

std::variant<TokenClaims, TokenFault> TokenBook::take(std::string_view token,
                                                      protocol::Microseconds now) {
    auto opened = open(token);
    const auto* const claims = std::get_if<TokenClaims>(&opened);
    if (!claims)
        return opened;
    // A clock that was set back does not make it last longer.
    if (claims->expires <= now || claims->expires > now + microseconds(life + max_skew))
        return TokenFault::expired;
    forget_expired(now);
    if (used_.contains({claims->expires, claims->id}))
        return TokenFault::used;
    if (used_.size() >= max_used)
        return TokenFault::too_many;
    used_.emplace(claims->expires, claims->id);
    return opened;
}

void TokenBook::give_back(const TokenClaims& claims) {
    used_.erase({claims.expires, claims.id});
}

bool TokenBook::is_of(const TokenClaims& claims, std::string_view secret_version) const {
    const auto* const signer = find_signer(claims.key_id);
    return signer &&
           base::equal_in_constant_time(mark_of(*signer, claims.user, secret_version), claims.mark);
}

void TokenBook::restore(const std::vector<Used>& used, protocol::Microseconds now) {
    for (const auto& one : used)
        if (one.first > now && used_.size() < max_used)
            used_.insert(one);
}

void TokenBook::forget_expired(protocol::Microseconds now) {
    used_.erase(used_.begin(), used_.lower_bound({now, {}}));
}

} // namespace astcti::clients
