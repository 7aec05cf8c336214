// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/base/digest.hpp"
#include "daemon/base/unique_fd.hpp"
#include "tests/support/catch.hpp"

#include <array>
#include <memory>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <string>
#include <string_view>
#include <sys/socket.h>

namespace astcti::test {

template <auto free_function>
struct FreeTls {
    template <typename T>
    void operator()(T* object) const {
        free_function(object);
    }
};

// A key and a certificate for it, made for the test.
class Certificate {
public:
    struct Wanted {
        std::string names = "DNS:pbx.example.com"; // subjectAltName; empty: none
        long begins = -3600;                       // seconds from now
        long ends = 3600;
        std::string subject = "pbx.example.com";
    };

    // Signed by `issuer`, or by itself.
    explicit Certificate(const Wanted& wanted, const Certificate* issuer = nullptr)
        : key_(EVP_EC_gen("P-256")), x509_(X509_new()) {
        auto* const x = x509_.get();
        X509_set_version(x, 2);
        ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
        X509_gmtime_adj(X509_getm_notBefore(x), wanted.begins);
        X509_gmtime_adj(X509_getm_notAfter(x), wanted.ends);
        X509_set_pubkey(x, key_.get());
        X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_UTF8,
                                   reinterpret_cast<const unsigned char*>(wanted.subject.c_str()),
                                   -1, -1, 0);
        const auto& by = issuer ? *issuer : *this;
        X509_set_issuer_name(x, X509_get_subject_name(by.x509_.get()));
        add(NID_basic_constraints, "critical,CA:TRUE");
        if (!wanted.names.empty())
            add(NID_subject_alt_name, wanted.names);
        REQUIRE(X509_sign(x, by.key_.get(), EVP_sha256()) > 0);
    }

    X509* get() const { return x509_.get(); }
    EVP_PKEY* key() const { return key_.get(); }

    std::string pem() const {
        const std::unique_ptr<BIO, FreeTls<BIO_free_all>> bio(BIO_new(BIO_s_mem()));
        PEM_write_bio_X509(bio.get(), x509_.get());
        return read(bio.get());
    }

    // SHA-256 of the public key, computed in another way than the program does.
    std::string pin() const {
        const std::unique_ptr<BIO, FreeTls<BIO_free_all>> bio(BIO_new(BIO_s_mem()));
        i2d_PUBKEY_bio(bio.get(), key_.get());
        return base::sha256(read(bio.get()));
    }

private:
    static std::string read(BIO* bio) {
        std::string text(BIO_ctrl_pending(bio), '\0');
        BIO_read(bio, text.data(), static_cast<int>(text.size()));
        return text;
    }

    void add(int what, const std::string& value) {
        const std::unique_ptr<X509_EXTENSION, FreeTls<X509_EXTENSION_free>> extension(
            X509V3_EXT_conf_nid(nullptr, nullptr, what, value.c_str()));
        REQUIRE(extension);
        X509_add_ext(x509_.get(), extension.get(), -1);
    }

    std::unique_ptr<EVP_PKEY, FreeTls<EVP_PKEY_free>> key_;
    std::unique_ptr<X509, FreeTls<X509_free>> x509_;
};

// The server's end of a connection, in the same thread: step() goes on as far as it can.
class TlsServer {
public:
    explicit TlsServer(const Certificate& certificate)
        : context_(SSL_CTX_new(TLS_server_method())) {
        SSL_CTX_use_certificate(context_.get(), certificate.get());
        SSL_CTX_use_PrivateKey(context_.get(), certificate.key());
    }

    SSL_CTX* context() { return context_.get(); }

    // The client's end.
    base::UniqueFd connect() {
        std::array<int, 2> ends{};
        REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()) ==
                0);
        fd_.reset(ends[0]);
        ssl_.reset(SSL_new(context_.get()));
        SSL_set_fd(ssl_.get(), ends[0]);
        SSL_set_accept_state(ssl_.get());
        return base::UniqueFd(ends[1]);
    }

    // Takes what came into `received`. False once the handshake failed or the client has gone.
    bool step() {
        std::array<char, 4096> bytes{};
        int count = 0;
        while ((count = SSL_read(ssl_.get(), bytes.data(), bytes.size())) > 0)
            received.append(bytes.data(), static_cast<std::size_t>(count));
        const int error = SSL_get_error(ssl_.get(), count);
        return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE;
    }

    bool is_open() const { return SSL_is_init_finished(ssl_.get()) == 1; }
    void send(std::string_view text) {
        REQUIRE(SSL_write(ssl_.get(), text.data(), static_cast<int>(text.size())) > 0);
    }
    void send_in_clear(std::string_view text) const {
        REQUIRE(::send(fd_.get(), text.data(), text.size(), MSG_NOSIGNAL) ==
                static_cast<ssize_t>(text.size()));
    }
    SSL* ssl() { return ssl_.get(); }
    // Without a word.
    void cut() { fd_.reset(); }

    std::string received;

private:
    std::unique_ptr<SSL_CTX, FreeTls<SSL_CTX_free>> context_;
    base::UniqueFd fd_;
    std::unique_ptr<SSL, FreeTls<SSL_free>> ssl_;
};

} // namespace astcti::test
