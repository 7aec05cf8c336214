// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <string_view>

struct evp_mac_ctx_st;

namespace astcti::base {

// 32 lower-case hex digits. MD5 is what AMI's challenge and the original's clients ask for; it
// protects nothing by itself. Throws std::runtime_error if OpenSSL will not do it (FIPS).
std::string md5_hex(std::string_view data);

// 32 bytes. Throws std::runtime_error if OpenSSL cannot.
std::string sha256(std::string_view data);

// 32 bytes (RFC 2104). Throws std::runtime_error if OpenSSL cannot.
std::string hmac_sha256(std::string_view key, std::string_view data);

// The same by a key that is used often: what is to be done for the key is done once. For one thread
// at a time. Throws std::runtime_error if OpenSSL cannot.
class HmacSha256 {
public:
    explicit HmacSha256(std::string_view key);

    std::string of(std::string_view data) const;

private:
    struct Free {
        void operator()(evp_mac_ctx_st* context) const noexcept;
    };

    std::unique_ptr<evp_mac_ctx_st, Free> context_;
};

// Takes the same time wherever two texts of one length differ.
bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept;

} // namespace astcti::base
