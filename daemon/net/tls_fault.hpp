// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace astcti::net {

// Whom a TLS connection is for, and how he proves it.
struct TlsPeer {
    // The host name or numeric address that his certificate must be for.
    std::string name;
    // Of the authorities that may have signed it, in PEM. Empty: those that the system trusts; or,
    // if there is a pin, nobody has to.
    std::string ca_file;
    // SHA-256 of his public key (DER of SubjectPublicKeyInfo, as in RFC 7469): 32 bytes. Empty:
    // any key. Without a ca_file the key alone says who he is, not name and dates.
    std::string pin;

    bool is_by_key_alone() const noexcept { return !pin.empty() && ca_file.empty(); }
};

// Why there is no TLS connection.
struct TlsFault {
    enum class What {
        not_tls,    // the first bytes are none of TLS
        closed,     // by the peer, in the middle of the handshake
        too_old,    // he speaks no TLS 1.2
        untrusted,  // nobody we trust signed the certificate
        wrong_name, // it is for somebody else
        expired,
        not_yet_valid,
        wrong_pin,
        other, // see `detail`
    };

    What what = What::other;
    std::string detail = {}; // in OpenSSL's words
    std::string names = {};  // that the certificate is for, by ", "
    std::string date = {};   // that it ended, or begins
    std::string key = {};    // the SHA-256 of its key, in base64
};

// It will not mend itself: somebody has to change a certificate or the configuration.
bool is_lasting(const TlsFault& fault) noexcept;

// What failed, why, and what to do, for who keeps a PBX: one line.
std::string to_text(const TlsFault& fault, const TlsPeer& peer);

// The same for who keeps the server that a client could not agree with.
std::string to_text(const TlsFault& fault);

// Every TLS peer begins with a record of the handshake or of an alert (RFC 8446 section 5.1).
bool begins_like_tls(std::string_view bytes) noexcept;

} // namespace astcti::net
