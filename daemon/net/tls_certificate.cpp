// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/net/tls_certificate.hpp"

#include "daemon/base/digest.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <new>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

namespace astcti::net {
namespace {

// Of a certificate's names that a message shows.
constexpr std::size_t max_names = 200;

void free_der(unsigned char* der) noexcept {
    OPENSSL_free(der);
}

} // namespace

std::string openssl_reason(unsigned long error) {
    const char* const reason = ERR_reason_error_string(error);
    return reason ? reason : fmt::format("error {:x}", error);
}

std::string text_of(bio_st* bio) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

std::string date_of(const asn1_string_st* time) {
    const OwnedOpenSsl<BIO, BIO_free_all> text(BIO_new(BIO_s_mem()));
    if (!text || ASN1_TIME_print(text.get(), time) != 1)
        return "an unknown day";
    return text_of(text.get());
}

std::string names_of(const x509_st* certificate) {
    const OwnedOpenSsl<BIO, BIO_free_all> text(BIO_new(BIO_s_mem()));
    if (!text)
        throw std::bad_alloc();
    const int at = X509_get_ext_by_NID(certificate, NID_subject_alt_name, -1);
    if (at >= 0)
        X509V3_EXT_print(text.get(), X509_get_ext(certificate, at), 0, 0);
    else
        X509_NAME_print_ex(text.get(), X509_get_subject_name(certificate), 0, XN_FLAG_ONELINE);
    auto names = text_of(text.get()).substr(0, max_names);
    // Whoever answers chose them, and they go to a log.
    std::ranges::replace_if(
        names, [](char c) { return c < ' ' || c > '~'; }, '?');
    return names;
}

std::string key_of(const x509_st* certificate) {
    unsigned char* der = nullptr;
    const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
    if (size <= 0)
        return {};
    const OwnedOpenSsl<unsigned char, free_der> owned(der);
    return base::sha256({reinterpret_cast<const char*>(der), static_cast<std::size_t>(size)});
}

} // namespace astcti::net
