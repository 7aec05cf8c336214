// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/link/public_key.hpp"

#include <cstddef>
#include <cstdint>

namespace astcti::link {
namespace {

constexpr std::uint8_t sequence = 0x30;
constexpr std::uint8_t version = 0xa0; // [0], left out by version 1

struct Element {
    std::uint8_t tag = 0;
    std::string_view whole;
    std::string_view content;
};

// Takes the first element off the front of `der` (X.690 section 8.1, lengths of at most 4 bytes).
std::optional<Element> take(std::string_view& der) noexcept {
    if (der.size() < 2)
        return {};
    const auto byte = [&der](std::size_t i) { return static_cast<std::uint8_t>(der[i]); };
    std::size_t head = 2;
    std::size_t length = byte(1);
    if (length >= 0x80) {
        const std::size_t bytes = length & 0x7fU;
        if (bytes == 0 || bytes > 4 || der.size() < 2 + bytes)
            return {};
        length = 0;
        for (; head < 2 + bytes; ++head)
            length = length << 8U | byte(head);
    }
    if (der.size() - head < length)
        return {};
    const Element out{byte(0), der.substr(0, head + length), der.substr(head, length)};
    der.remove_prefix(head + length);
    return out;
}

std::optional<Element> take(std::string_view& der, std::uint8_t tag) noexcept {
    const auto element = take(der);
    return element && element->tag == tag ? element : std::nullopt;
}

} // namespace

std::optional<std::string_view> public_key_of(std::string_view der) noexcept {
    const auto certificate = take(der, sequence);
    if (!certificate)
        return {};
    auto rest = certificate->content;
    const auto signed_part = take(rest, sequence);
    if (!signed_part)
        return {};
    rest = signed_part->content;
    if (!rest.empty() && static_cast<std::uint8_t>(rest.front()) == version)
        take(rest);
    // serialNumber, signature, issuer, validity, subject
    for (int i = 0; i < 5; ++i)
        if (!take(rest))
            return {};
    const auto key = take(rest, sequence);
    if (!key)
        return {};
    return key->whole;
}

} // namespace astcti::link
