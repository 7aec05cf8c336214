// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/accounts/secret.hpp"

#include <array>
#include <string>

namespace astcti::ctl {

// What astctictl says of a kind of secret.
struct SecretWords {
    accounts::SecretKind kind;
    const char* json; // for programs: these do not change
    const char* name;
    const char* advice; // may be empty
};

// In the order in which kinds are told: the safest first.
inline constexpr std::array<SecretWords, 4> secret_words{{
    {accounts::SecretKind::native, "yescrypt", "yescrypt, native only", ""},
    {accounts::SecretKind::wrapped_md5, "yescrypt-md5", "yescrypt of MD5", ""},
    {accounts::SecretKind::plain_md5, "md5", "bare MD5", "astctictl user migrate"},
    {accounts::SecretKind::unusable, "unusable", "none that works", "set the password"},
}};

// Of what an account has in SECRET.
const SecretWords& words_of(const std::string& stored);

} // namespace astcti::ctl
