// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/accounts/secret.hpp"

#include "daemon/base/digest.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <crypt.h>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>
#include <system_error>

namespace astcti::accounts {
namespace {

constexpr std::string_view wrapped_tag = "{Y-MD5}";
constexpr std::string_view native_tag = "{Y}";
constexpr std::string_view yescrypt = "$y$";

// What is hashed when there is nothing to compare with, at libxcrypt's default cost.
constexpr std::string_view dummy = "$y$j9T$nobody.has.this.secre0$";

// Those that crypt_gensalt(3) gives for 1 to 9: 1 to 300 ms, up to 256 MiB. A hash that costs more
// would let whoever can write one row stop the daemon.
constexpr std::array<std::string_view, 9> costs{"j75", "j85", "j7T", "j8T", "j9T",
                                                "jAT", "jBT", "jCT", "jDT"};

constexpr std::size_t hash_size = 43;
constexpr std::size_t max_salt = 86;

bool is_hex(std::string_view text) noexcept {
    return text.size() == 32 && text.find_first_not_of("0123456789abcdef") == text.npos;
}

bool is_crypt64(std::string_view text) noexcept {
    return std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '.' && c <= '9');
    });
}

// `$y$COST$SALT$HASH`
bool is_yescrypt(std::string_view text) noexcept {
    if (!text.starts_with(yescrypt))
        return false;
    text.remove_prefix(yescrypt.size());
    const auto cost = text.substr(0, text.find('$'));
    if (std::ranges::find(costs, cost) == costs.end())
        return false;
    text.remove_prefix(std::min(cost.size() + 1, text.size()));
    const auto salt = text.substr(0, text.find('$'));
    if (salt.empty() || salt.size() > max_salt || salt.size() == text.size())
        return false;
    const auto hash = text.substr(salt.size() + 1);
    return hash.size() == hash_size && is_crypt64(salt) && is_crypt64(hash);
}

std::string_view without_tag(std::string_view stored, SecretKind kind) noexcept {
    return stored.substr(kind == SecretKind::native ? native_tag.size() : wrapped_tag.size());
}

// crypt(3) with memory of its own, which holds the phrase and is wiped. Nothing if it cannot make
// sense of the setting.
std::optional<std::string> hash(const std::string& phrase, const std::string& setting) {
    struct Memory {
        void* data = nullptr;
        int size = 0;
        Memory() = default;
        Memory(const Memory&) = delete;
        ~Memory() {
            if (data)
                ::explicit_bzero(data, static_cast<std::size_t>(size));
            std::free(data);
        }
    } memory;
    errno = 0;
    if (const char* const result =
            ::crypt_ra(phrase.c_str(), setting.c_str(), &memory.data, &memory.size))
        return result;
    if (errno == EINVAL)
        return std::nullopt;
    throw std::system_error(errno, std::generic_category(), "hashing a password");
}

// Hashes `candidate`, or something else if there is none, and compares. What is stored decides
// what the candidate is, but not how long it takes.
bool verify(std::string_view stored, SecretKind kind, const std::optional<std::string>& candidate) {
    const bool hashed = kind == SecretKind::wrapped_md5 || kind == SecretKind::native;
    const std::string expected(hashed ? without_tag(stored, kind) : dummy);
    const auto computed = hash(candidate.value_or("nothing"), expected);
    if (!candidate || !computed)
        return false;
    if (kind == SecretKind::plain_md5)
        return base::equal_in_constant_time(*candidate, stored);
    return hashed && base::equal_in_constant_time(*computed, expected);
}

std::string make_hash(std::string_view tag, const std::string& phrase) {
    errno = 0;
    const std::unique_ptr<char, decltype(&std::free)> setting(
        ::crypt_gensalt_ra(yescrypt.data(), 0, nullptr, 0), std::free);
    if (!setting)
        throw std::system_error(errno ? errno : ENOMEM, std::generic_category(),
                                "making a salt for a password");
    auto secret = std::string(tag) + hash(phrase, setting.get()).value_or("");
    if (kind_of(secret) == SecretKind::unusable)
        throw std::system_error(ENOSYS, std::generic_category(), "hashing a password by yescrypt");
    return secret;
}

} // namespace

SecretKind kind_of(std::string_view stored) noexcept {
    if (is_hex(stored))
        return SecretKind::plain_md5;
    if (stored.starts_with(wrapped_tag) && is_yescrypt(stored.substr(wrapped_tag.size())))
        return SecretKind::wrapped_md5;
    if (stored.starts_with(native_tag) && is_yescrypt(stored.substr(native_tag.size())))
        return SecretKind::native;
    return SecretKind::unusable;
}

std::string make_secret(std::string_view password, bool native_only) {
    return native_only ? make_hash(native_tag, std::string(password))
                       : make_hash(wrapped_tag, base::md5_hex(password));
}

std::string wrap_md5(std::string_view md5_hex) {
    return make_hash(wrapped_tag, std::string(md5_hex));
}

bool verify_password(std::string_view stored, std::string_view password) {
    const auto kind = kind_of(stored);
    std::optional<std::string> candidate;
    // crypt(3) ends at a NUL: what follows it would not matter.
    if (!password.empty() && password.size() <= max_password &&
        password.find('\0') == password.npos)
        candidate = kind == SecretKind::native ? std::string(password) : base::md5_hex(password);
    return verify(stored, kind, candidate);
}

bool verify_md5(std::string_view stored, std::string_view md5_hex) {
    const auto kind = kind_of(stored);
    std::optional<std::string> candidate;
    if (is_hex(md5_hex) && kind != SecretKind::native)
        candidate = std::string(md5_hex);
    return verify(stored, kind, candidate);
}

} // namespace astcti::accounts
