// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ami/packet.hpp"

#include <algorithm>

namespace astcti::ami {
namespace {

char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

} // namespace

bool same_letters(std::string_view a, std::string_view b) noexcept {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lower(x) == lower(y); });
}

std::optional<std::string_view> Packet::find(std::string_view key) const noexcept {
    for (const auto& header : headers())
        if (same_key(header.key, key))
            return header.value;
    return std::nullopt;
}

std::string_view Packet::get(std::string_view key) const noexcept {
    return find(key).value_or(std::string_view{});
}

} // namespace astcti::ami
