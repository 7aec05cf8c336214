// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/net/tls_server.hpp"

#include "daemon/base/base64.hpp"
#include "daemon/net/tls_certificate.hpp"
#include "daemon/net/tls_stream.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdexcept>

namespace astcti::net {
namespace {

using Bio = OwnedOpenSsl<BIO, BIO_free_all>;
using Key = OwnedOpenSsl<EVP_PKEY, EVP_PKEY_free>;
using X509Owned = OwnedOpenSsl<X509, X509_free>;

constexpr long backdated = -86400; // for clocks that are behind, in seconds
constexpr long lifetime = 315360000;
constexpr int serial_bits = 127;

[[noreturn]] void fail(const std::string& what) {
    const auto error = ERR_peek_last_error();
    ERR_clear_error();
    throw std::runtime_error(error == 0 ? what : what + " (" + openssl_reason(error) + ")");
}

Bio reader(const std::string& text) {
    ERR_clear_error();
    Bio bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
    if (!bio)
        throw std::bad_alloc();
    return bio;
}

// Nobody is there to be asked for it.
int no_passphrase(char*, int, int, void*) {
    return -1;
}

Key read_key(const std::string& pem) {
    const auto bio = reader(pem);
    Key key(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr));
    if (!key)
        fail("the key cannot be read: it must be a private key in PEM, without a passphrase");
    return key;
}

X509Owned next_certificate(BIO* bio) {
    return X509Owned(PEM_read_bio_X509(bio, nullptr, no_passphrase, nullptr));
}

void use(SSL_CTX* context, const TlsIdentity& identity, TlsCertificate& told) {
    const auto bio = reader(identity.certificates);
    const auto own = next_certificate(bio.get());
    if (!own)
        fail("the certificate cannot be read: it must be in PEM");
    if (SSL_CTX_use_certificate(context, own.get()) != 1)
        fail("the certificate cannot be used");
    while (auto further = next_certificate(bio.get()))
        if (SSL_CTX_add0_chain_cert(context, further.get()) == 1)
            static_cast<void>(further.release());
    // The end of the file is the error that ends the loop.
    if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE)
        fail("a further certificate of the file cannot be read");
    ERR_clear_error();
    const auto key = read_key(identity.key);
    if (SSL_CTX_use_PrivateKey(context, key.get()) != 1 || SSL_CTX_check_private_key(context) != 1)
        fail("the key is not that of the certificate");
    told = {base::to_base64(key_of(own.get())), names_of(own.get()),
            date_of(X509_get0_notAfter(own.get()))};
}

void add_extension(X509* certificate, int what, const std::string& value) {
    const OwnedOpenSsl<X509_EXTENSION, X509_EXTENSION_free> extension(
        X509V3_EXT_conf_nid(nullptr, nullptr, what, value.c_str()));
    if (!extension || X509_add_ext(certificate, extension.get(), -1) != 1)
        fail("a certificate cannot be made");
}

// What X509V3_EXT_conf_nid() would read as something else is left out.
std::string dns_name(std::string_view host) {
    constexpr std::string_view allowed =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-";
    constexpr std::size_t max_common_name = 64;
    const bool good = !host.empty() && host.size() <= max_common_name &&
                      host.find_first_not_of(allowed) == host.npos;
    return good ? std::string(host) : "localhost";
}

} // namespace

void TlsServer::Free::operator()(ssl_ctx_st* context) const noexcept {
    SSL_CTX_free(context);
}

TlsServer::TlsServer(const TlsIdentity& identity) : context_(SSL_CTX_new(TLS_server_method())) {
    auto* const context = context_.get();
    if (!context || SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1)
        fail("OpenSSL does not do TLS here");
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_IGNORE_UNEXPECTED_EOF |
                                     SSL_OP_NO_TICKET | SSL_OP_CIPHER_SERVER_PREFERENCE);
    // Thousands of clients are idle: their buffers are given back.
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                  SSL_MODE_RELEASE_BUFFERS);
    // Or each record would cost two system calls.
    SSL_CTX_set_read_ahead(context, 1);
    // Coming back is what our tokens are for.
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(context, 0);
    use(context, identity, certificate_);
}

TlsServer::~TlsServer() = default;
TlsServer::TlsServer(TlsServer&&) noexcept = default;
TlsServer& TlsServer::operator=(TlsServer&&) noexcept = default;

std::unique_ptr<Stream> TlsServer::accept(base::UniqueFd fd) const {
    return std::make_unique<TlsStream>(context_.get(), nullptr, std::move(fd));
}

std::string make_tls_key() {
    ERR_clear_error();
    const Key key(EVP_EC_gen("P-256"));
    const Bio bio(BIO_new(BIO_s_mem()));
    if (!key || !bio ||
        PEM_write_bio_PrivateKey(bio.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1)
        fail("a key cannot be made");
    return text_of(bio.get());
}

std::string make_tls_certificate(const std::string& key_pem, std::string_view host) {
    const auto key = read_key(key_pem);
    const auto name = dns_name(host);
    const X509Owned certificate(X509_new());
    const OwnedOpenSsl<BIGNUM, BN_free> serial(BN_new());
    auto* const x = certificate.get();
    if (!x || !serial ||
        BN_rand(serial.get(), serial_bits, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) != 1 ||
        !BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(x)) ||
        X509_set_version(x, X509_VERSION_3) != 1 ||
        !X509_gmtime_adj(X509_getm_notBefore(x), backdated) ||
        !X509_gmtime_adj(X509_getm_notAfter(x), lifetime) || X509_set_pubkey(x, key.get()) != 1)
        fail("a certificate cannot be made");
    auto* const subject = X509_get_subject_name(x);
    if (X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                                   reinterpret_cast<const unsigned char*>(name.data()),
                                   static_cast<int>(name.size()), -1, 0) != 1 ||
        X509_set_issuer_name(x, subject) != 1)
        fail("a certificate cannot be made");
    add_extension(x, NID_basic_constraints, "critical,CA:FALSE");
    add_extension(x, NID_subject_alt_name, "DNS:" + name);
    const Bio bio(BIO_new(BIO_s_mem()));
    if (!bio || X509_sign(x, key.get(), EVP_sha256()) == 0 || PEM_write_bio_X509(bio.get(), x) != 1)
        fail("a certificate cannot be made");
    return text_of(bio.get());
}

} // namespace astcti::net
