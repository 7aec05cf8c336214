// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace astcti::accounts {

// A value of the table may be this long: 255 characters, as in the setup guide, in UTF-8.
inline constexpr std::size_t max_stored_size = std::size_t{255} * 4;

// For accounts made by us; what other programs put into the table may be longer.
inline constexpr std::size_t max_new_user = 64;
inline constexpr std::size_t max_new_extension = 128;

// Further telephones of one account; of a table that has more only so many are looked at.
inline constexpr std::size_t max_devices = 16;

// One row of the table `cti`, and those of `cti_device`. NULL is the empty string.
struct Account {
    std::string user;      // compared byte for byte
    std::string secret;    // see secret.hpp; never logged, never sent
    std::string host;      // see host.hpp
    std::string extension; // the device, such as PJSIP/201; empty: no telephone
    // Further telephones whose calls are the person's as well.
    std::vector<std::string> devices = {};
    // What rings when the person dials, such as Local/201@from-internal; empty: the extension.
    std::string dial = {};

    bool operator==(const Account&) const = default;
};

// What is to be changed of an account; an empty text takes away what there was.
struct AccountChange {
    std::optional<std::string> host = {};
    std::optional<std::string> extension = {};
    std::optional<std::string> dial = {};
};

// A row of `cti_seat`: whoever logs in from there, and has no telephone of his own, has this one.
struct Seat {
    std::string host; // see host.hpp
    std::string extension;

    bool operator==(const Seat&) const = default;
};

// 1 to 64 characters of A-Za-z0-9._@- : no two names that look alike.
bool is_new_user(std::string_view name) noexcept;

// As a channel of the device is called, less its number: Local/201@from-queue/n is how a queue
// calls Local/201@from-queue-0000001f;1. Devices are the same if these are.
std::string_view device_of_channels(std::string_view device) noexcept;

// All devices of the account, as their channels are called.
std::vector<std::string> all_devices(const Account& account);

// The devices whose calls are the person's besides `extension`, as their channels are called.
std::vector<std::string> further_devices(const Account& account);

// TECHNOLOGY/NAME of a channel driver we know, in characters that mean nothing in a dialplan.
bool is_new_extension(std::string_view device) noexcept;

} // namespace astcti::accounts
