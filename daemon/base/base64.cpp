// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/base/base64.hpp"

#include <algorithm>
#include <limits>
#include <openssl/evp.h>

namespace astcti::base {
namespace {

// Not find_first_not_of(), which looks for each of them in a list.
bool is_digit(char c) noexcept {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '/';
}

} // namespace

std::optional<std::string> from_base64(std::string_view text) {
    // OpenSSL skips white space and leaves the padding's zero bytes in its answer.
    const auto body_end = std::min(text.find('='), text.size());
    const auto padding = text.size() - body_end;
    if (text.size() % 4 != 0 || padding > 2 ||
        !std::ranges::all_of(text.substr(0, body_end), is_digit) ||
        text.find_first_not_of('=', body_end) != text.npos ||
        text.size() > static_cast<std::size_t>(std::numeric_limits<int>::max()))
        return std::nullopt;
    std::string out(text.size() / 4 * 3, '\0');
    const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                     reinterpret_cast<const unsigned char*>(text.data()),
                                     static_cast<int>(text.size()));
    if (size < 0)
        return std::nullopt;
    out.resize(out.size() - padding);
    return out;
}

std::string to_base64(std::string_view bytes) {
    // OpenSSL ends it with a NUL.
    std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
    const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                     reinterpret_cast<const unsigned char*>(bytes.data()),
                                     static_cast<int>(bytes.size()));
    out.resize(static_cast<std::size_t>(size));
    return out;
}

} // namespace astcti::base
