// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace astcti::accounts {

// A longer password neither is set nor logs in. It also keeps within what crypt(3) takes.
inline constexpr std::size_t max_password = 256;

// What a stored secret is, told by how it begins. Anything else never logs anyone in.
enum class SecretKind {
    plain_md5,   // 32 lower-case hex digits: the original's. Whoever can read it can log in.
    wrapped_md5, // {Y-MD5}$y$…: yescrypt of those digits. Serves both dialects.
    native,      // {Y}$y$…: yescrypt of the password. Not for the original's dialect.
    unusable,
};

SecretKind kind_of(std::string_view stored) noexcept;

// The secret to store for a password of 1 to max_password bytes. Costs 20 ms. Throws
// std::system_error if the system has no memory or no random numbers.
std::string make_secret(std::string_view password, bool native_only);

// The same for the MD5 of a password, 32 lower-case hex digits: what a bare row becomes.
std::string wrap_md5(std::string_view md5_hex);

// Does the password, or the MD5 that the original's client sends, belong to the stored secret?
// Both cost one yescrypt (20 ms, 16 MiB) whatever is stored and asked, so the time tells
// nothing; an empty `stored` is how to ask for a user that does not exist. They throw
// std::system_error if there is no memory for it.
bool verify_password(std::string_view stored, std::string_view password);
bool verify_md5(std::string_view stored, std::string_view md5_hex);

} // namespace astcti::accounts
