// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/net/stream.hpp"

#include <memory>
#include <string>
#include <string_view>

struct ssl_ctx_st;

namespace astcti::net {

// Who a server is, both in PEM: its certificate, followed by those between it and its authority,
// and its private key.
struct TlsIdentity {
    std::string certificates;
    std::string key;
};

// What the administrator is told of a certificate.
struct TlsCertificate {
    std::string pin;   // SHA-256 of its public key (SPKI), in base64
    std::string names; // that it is for
    std::string ends;  // the day
};

// What all connections of one server have in common. Another one may take its place at any time:
// connections that are there go on with theirs.
class TlsServer {
public:
    // Throws std::runtime_error, which says what is wrong with the identity.
    explicit TlsServer(const TlsIdentity& identity);
    ~TlsServer();
    TlsServer(TlsServer&&) noexcept;
    TlsServer& operator=(TlsServer&&) noexcept;

    // The server's end, on an accepted socket that does not block. Nothing is sent before open().
    std::unique_ptr<Stream> accept(base::UniqueFd fd) const;

    const TlsCertificate& certificate() const noexcept { return certificate_; }

private:
    struct Free {
        void operator()(ssl_ctx_st* context) const noexcept;
    };

    std::unique_ptr<ssl_ctx_st, Free> context_;
    TlsCertificate certificate_;
};

// A new private key (P-256) in PEM. Throws std::runtime_error if OpenSSL has no random numbers.
std::string make_tls_key();

// A certificate for the key, signed by itself, for ten years. Whoever connects knows it by its key.
// Throws std::runtime_error if the key is none.
std::string make_tls_certificate(const std::string& key, std::string_view host);

} // namespace astcti::net
