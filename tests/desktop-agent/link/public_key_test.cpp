// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/link/public_key.hpp"
#include "tests/support/catch.hpp"

#include <string>

using astcti::link::public_key_of;

namespace {

// One element of DER, with the shortest length, or with a longer one that means the same.
std::string element(char tag, const std::string& content) {
    std::string out(1, tag);
    if (content.size() < 0x80) {
        out += static_cast<char>(content.size());
    } else {
        out += '\x82';
        out += static_cast<char>(content.size() >> 8U);
        out += static_cast<char>(content.size() & 0xffU);
    }
    return out + content;
}

const std::string key = element('\x30', element('\x30', "algorithm") + element('\x03', "bits"));

std::string certificate(const std::string& version, const std::string& issuer = "issuer") {
    const auto fields = version + element('\x02', "serial") + element('\x30', "signature") +
                        element('\x30', issuer) + element('\x30', "validity") +
                        element('\x30', "subject") + key + element('\xa3', "extensions");
    return element('\x30', element('\x30', fields) + element('\x30', "") + element('\x03', "sig"));
}

const std::string version_3 = element('\xa0', element('\x02', "\x02"));

} // namespace

TEST_CASE("the public key is found in a certificate of any version and size", "[link]") {
    for (const auto& version : {std::string(), version_3})
        for (const std::size_t size : {1U, 100U, 127U, 128U, 300U, 5000U}) {
            CAPTURE(version.size(), size);
            const auto der = certificate(version, std::string(size, 'i'));
            CHECK(public_key_of(der) == key);
        }
}

TEST_CASE("a certificate cut at any byte before its end has none", "[link]") {
    const auto der = certificate(version_3, std::string(300, 'i'));
    for (std::size_t size = 0; size < der.size(); ++size) {
        CAPTURE(size);
        CHECK_FALSE(public_key_of(std::string_view(der).substr(0, size)));
    }
}

TEST_CASE("what is no certificate has no public key", "[link]") {
    const auto der = GENERATE(
        as<std::string>{}, "\x30\x80", "\x30\x85\x01\x01\x01\x01\x01", "\x30\x84\xff\xff\xff\xff",
        std::string("\x30\x00", 2), std::string("\x30\x02\x30\x00", 4),
        element('\x31', element('\x30', key)), element('\x30', element('\x31', key)),
        element('\x30', element('\x30', version_3)), std::string(100, '\x30'));
    CHECK_FALSE(public_key_of(der));
}
