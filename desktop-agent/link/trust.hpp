// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <giomm/tlscertificate.h>
#include <optional>
#include <string>
#include <string_view>

namespace astcti::link {

// What makes a server the right one.
struct Trust {
    std::string pin;          // of its public key: then nothing else of its certificate counts
    std::string ca_file;      // the authorities, instead of the system's
    bool allow_plain = false; // to other machines
};

// Whether that is a pin: 32 bytes in base64, as `astctictl tls` prints it.
bool is_pin(std::string_view text);

// SHA-256 of the certificate's public key, in base64; empty if it has none.
std::string pin_of(const Gio::TlsCertificate& certificate);

// What is wrong with a certificate that was found so: a sentence that goes on after the
// server's address, and says what to do. Nothing if it is the right one.
std::optional<std::string> distrust(const Trust& trust, const Gio::TlsCertificate& certificate,
                                    Gio::TlsCertificateFlags errors);

} // namespace astcti::link
