// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>

// What the files that know OpenSSL's TLS have in common; for them alone.
struct asn1_string_st;
struct bio_st;
struct x509_st;

namespace astcti::net {

template <auto free_function>
struct FreeOpenSsl {
    template <typename T>
    void operator()(T* object) const noexcept {
        free_function(object);
    }
};
template <typename T, auto free_function>
using OwnedOpenSsl = std::unique_ptr<T, FreeOpenSsl<free_function>>;

// In OpenSSL's words.
std::string openssl_reason(unsigned long error);

// Takes what there is to read out of a BIO of memory.
std::string text_of(bio_st* bio);

std::string date_of(const asn1_string_st* time);

// "DNS:pbx.example.com, IP Address:10.0.0.1", or the subject if there is none of these. Printable
// ASCII, at most 200 characters: whoever made the certificate chose them.
std::string names_of(const x509_st* certificate);

// SHA-256 of the SubjectPublicKeyInfo, 32 bytes (RFC 7469); empty if there is no memory.
std::string key_of(const x509_st* certificate);

} // namespace astcti::net
