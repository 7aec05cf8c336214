// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/net/tls_fault.hpp"

#include <fmt/format.h>

namespace astcti::net {
namespace {

constexpr char alert_record = 21;
constexpr char handshake_record = 22;

std::string untrusted(const TlsFault& fault, const TlsPeer& peer) {
    return fmt::format(
        "its certificate is signed by nobody in {} ({}): name the file of the authority that "
        "signed it, or of the certificate itself, by ca-file=; or, if its key is the right one, "
        "write pin=\"{}\"",
        peer.ca_file.empty() ? "the authorities that this system trusts" : peer.ca_file,
        fault.detail, fault.key);
}

std::string wrong_name(const TlsFault& fault, const TlsPeer& peer) {
    return fmt::format("its certificate is not for {} but for {}: write one of its names as "
                       "tls-name=, or give the PBX a certificate for {}",
                       peer.name, fault.names.empty() ? "nobody" : fault.names, peer.name);
}

std::string wrong_pin(const TlsFault& fault) {
    return fmt::format(
        "its key is not that of pin= but {}: if the PBX has a new key, write this one as pin=; if "
        "it has not, somebody else answers in its place",
        fault.key);
}

} // namespace

bool is_lasting(const TlsFault& fault) noexcept {
    switch (fault.what) {
    case TlsFault::What::not_tls:
    case TlsFault::What::closed:
    case TlsFault::What::other:
        return false;
    default:
        return true;
    }
}

std::string to_text(const TlsFault& fault, const TlsPeer& peer) {
    switch (fault.what) {
    case TlsFault::What::not_tls:
        return "no TLS: this port speaks in clear; the port of tlsbindaddr= in manager.conf is "
               "usually 5039 and needs tlsenable=yes";
    case TlsFault::What::closed:
        return "no TLS: the connection was closed during the handshake; does Asterisk find its "
               "certificate and key (tlscertfile= and tlsprivatekey= in manager.conf)?";
    case TlsFault::What::too_old:
        return fmt::format("no TLS: it speaks no version that we do ({}); TLS 1.2 or newer is "
                           "needed: see tlscipher= and tlsdisablev12= in manager.conf",
                           fault.detail);
    case TlsFault::What::untrusted:
        return "no TLS: " + untrusted(fault, peer);
    case TlsFault::What::wrong_name:
        return "no TLS: " + wrong_name(fault, peer);
    case TlsFault::What::expired:
        return fmt::format("no TLS: its certificate ended on {}: give the PBX a new one, then "
                           "\"manager reload\"; or this machine's clock is wrong",
                           fault.date);
    case TlsFault::What::not_yet_valid:
        return fmt::format("no TLS: its certificate begins on {}: is the clock of this machine "
                           "right, and was that of who made it?",
                           fault.date);
    case TlsFault::What::wrong_pin:
        return "no TLS: " + wrong_pin(fault);
    case TlsFault::What::other:
        break;
    }
    return fmt::format("no TLS: {}; see Asterisk's log and tls…= in manager.conf", fault.detail);
}

std::string to_text(const TlsFault& fault) {
    switch (fault.what) {
    case TlsFault::What::not_tls:
        return "no TLS: it speaks in clear";
    case TlsFault::What::closed:
        return "no TLS: it left during the handshake";
    case TlsFault::What::too_old:
        return "no TLS: it speaks no TLS 1.2 or newer";
    default:
        return "no TLS: " + fault.detail;
    }
}

bool begins_like_tls(std::string_view bytes) noexcept {
    return !bytes.empty() && (bytes[0] == alert_record || bytes[0] == handshake_record);
}

} // namespace astcti::net
