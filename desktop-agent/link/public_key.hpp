// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string_view>

namespace astcti::link {

// The SubjectPublicKeyInfo (RFC 5280 section 4.1) of a certificate in DER, which is what a pin
// is the SHA-256 of; nothing if that is no certificate. Refers to `der`. TLS has checked the
// certificate already: this only finds the field, as GIO does not tell it.
std::optional<std::string_view> public_key_of(std::string_view der) noexcept;

} // namespace astcti::link
