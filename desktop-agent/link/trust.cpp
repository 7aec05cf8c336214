// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/link/trust.hpp"

#include "desktop-agent/link/public_key.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gio/gio.h>
#include <glibmm/base64.h>
#include <glibmm/checksum.h>
#include <vector>

namespace astcti::link {
namespace {

constexpr std::size_t pin_size = 32; // SHA-256

struct Wrong {
    Gio::TlsCertificateFlags flag;
    const char* text;
};

using Flags = Gio::TlsCertificateFlags;
const Wrong wrongs[] = {
    {Flags::EXPIRED, "it has expired: the server's administrator has to renew it"},
    {Flags::NOT_ACTIVATED, "it is not valid yet: is the clock of this machine right?"},
    {Flags::BAD_IDENTITY, "it is for another name: write the server as the certificate has it"},
    {Flags::REVOKED, "it was revoked"},
    {Flags::INSECURE, "its signature is of a kind that can be forged"},
};

std::string reasons(const Trust& trust, Flags errors, const std::string& pin) {
    std::vector<std::string> texts;
    for (const auto& [flag, text] : wrongs)
        if ((errors & flag) == flag)
            texts.emplace_back(text);
    if ((errors & Flags::UNKNOWN_CA) == Flags::UNKNOWN_CA)
        texts.push_back(fmt::format(
            "no authority of {} has signed it: give the right --ca-file or, if {} is the pin that "
            "astctictl tls prints on the server, give --pin",
            trust.ca_file.empty() ? "this system" : trust.ca_file, pin));
    if (texts.empty())
        texts.emplace_back("it cannot be checked");
    return fmt::format("{}", fmt::join(texts, "; "));
}

} // namespace

bool is_pin(std::string_view text) {
    const auto bytes = Glib::Base64::decode(std::string(text));
    return bytes.size() == pin_size && Glib::Base64::encode(bytes) == text;
}

std::string pin_of(const Gio::TlsCertificate& certificate) {
    GByteArray* der = nullptr;
    g_object_get(const_cast<GTlsCertificate*>(certificate.gobj()), "certificate", &der, nullptr);
    if (!der)
        return {};
    const std::string bytes(reinterpret_cast<const char*>(der->data), der->len);
    g_byte_array_unref(der);
    const auto key = public_key_of(bytes);
    if (!key)
        return {};
    Glib::Checksum checksum(Glib::Checksum::Type::SHA256);
    checksum.update(std::string(*key));
    std::string digest(pin_size, '\0');
    gsize size = digest.size();
    checksum.get_digest(reinterpret_cast<guint8*>(digest.data()), &size);
    return Glib::Base64::encode(digest);
}

std::optional<std::string> distrust(const Trust& trust, const Gio::TlsCertificate& certificate,
                                    Flags errors) {
    const auto pin = pin_of(certificate);
    if (!trust.pin.empty()) {
        if (pin == trust.pin)
            return {};
        return fmt::format(
            "has another key than it should: its pin is {} and not {}. Nothing was "
            "sent. Ask its administrator; if the key was changed, give the new --pin",
            pin, trust.pin);
    }
    if (errors == Flags::NO_FLAGS)
        return {};
    return fmt::format("has a certificate that is not trusted, and nothing was sent: {}",
                       reasons(trust, errors, pin));
}

} // namespace astcti::link
