// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace astcti::accounts {

// A value of the table may be this long: 255 characters, as in the setup guide, in UTF-8.
inline constexpr std::size_t max_stored_size = std::size_t{255} * 4;

// For accounts made by us; what other programs put into the table may be longer.
inline constexpr std::size_t max_new_user = 64;
inline constexpr std::size_t max_new_extension = 128;

// One row of the table `cti`. NULL is the empty string.
struct Account {
    std::string user;      // compared byte for byte
    std::string secret;    // see secret.hpp; never logged, never sent
    std::string host;      // see host.hpp
    std::string extension; // the device, such as PJSIP/201; empty: no telephone

    bool operator==(const Account&) const = default;
};

// 1 to 64 characters of A-Za-z0-9._@- : no two names that look alike.
bool is_new_user(std::string_view name) noexcept;

// TECHNOLOGY/NAME of a channel driver we know, in characters that mean nothing in a dialplan.
bool is_new_extension(std::string_view device) noexcept;

} // namespace astcti::accounts
