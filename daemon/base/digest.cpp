// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/base/digest.hpp"

#include <array>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/params.h>
#include <stdexcept>

namespace astcti::base {
namespace {

[[noreturn]] void fail_hmac() {
    throw std::runtime_error("OpenSSL refuses to compute an HMAC");
}

} // namespace

std::string md5_hex(std::string_view data) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    if (EVP_Digest(data.data(), data.size(), digest.data(), &size, EVP_md5(), nullptr) != 1)
        throw std::runtime_error("OpenSSL refuses to compute an MD5");

    constexpr std::string_view digits = "0123456789abcdef";
    std::string hex;
    hex.reserve(std::size_t{size} * 2);
    for (unsigned int i = 0; i < size; ++i) {
        hex += digits[digest[i] >> 4U];
        hex += digits[digest[i] & 0xFU];
    }
    return hex;
}

std::string sha256(std::string_view data) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    // Looked for once; it lasts as long as the process.
    static auto* const found = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    if (!found || EVP_Digest(data.data(), data.size(), digest.data(), &size, found, nullptr) != 1)
        throw std::runtime_error("OpenSSL refuses to compute a SHA-256");
    return {digest.begin(), digest.begin() + size};
}

std::string hmac_sha256(std::string_view key, std::string_view data) {
    std::string digest(EVP_MAX_MD_SIZE, '\0');
    unsigned int size = 0;
    if (!HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
              reinterpret_cast<const unsigned char*>(data.data()), data.size(),
              reinterpret_cast<unsigned char*>(digest.data()), &size))
        fail_hmac();
    digest.resize(size);
    return digest;
}

void HmacSha256::Free::operator()(evp_mac_ctx_st* context) const noexcept {
    EVP_MAC_CTX_free(context);
}

HmacSha256::HmacSha256(std::string_view key) {
    auto* const hmac = EVP_MAC_fetch(nullptr, OSSL_MAC_NAME_HMAC, nullptr);
    context_.reset(EVP_MAC_CTX_new(hmac));
    EVP_MAC_free(hmac); // the context has it
    std::string digest = "SHA256";
    const std::array parameters{
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), digest.size()),
        OSSL_PARAM_construct_end()};
    if (!context_ ||
        EVP_MAC_init(context_.get(), reinterpret_cast<const unsigned char*>(key.data()), key.size(),
                     parameters.data()) != 1)
        fail_hmac();
}

std::string HmacSha256::of(std::string_view data) const {
    constexpr std::size_t sha256_size = 32;
    std::string mac(sha256_size, '\0');
    std::size_t size = 0;
    if (EVP_MAC_init(context_.get(), nullptr, 0, nullptr) != 1 ||
        EVP_MAC_update(context_.get(), reinterpret_cast<const unsigned char*>(data.data()),
                       data.size()) != 1 ||
        EVP_MAC_final(context_.get(), reinterpret_cast<unsigned char*>(mac.data()), &size,
                      mac.size()) != 1)
        fail_hmac();
    return mac;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

} // namespace astcti::base
