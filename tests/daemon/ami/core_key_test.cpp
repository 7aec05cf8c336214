// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ami/core_key.hpp"
#include "daemon/ami/packet.hpp"
#include "tests/support/catch.hpp"

#include <string>

using namespace astcti::ami;

namespace {

std::uint32_t bit_of(std::string key) {
    const auto size = key.size();
    key.append(core_key::readable, ':');
    return core_key::bit_of(std::string_view(key).substr(0, size));
}

} // namespace

TEST_CASE("each core key has a bit of its own, in any case", "[ami]") {
    std::uint32_t all = 0;
    for (const auto name : core_key::names) {
        std::string upper(name);
        for (auto& c : upper)
            c = static_cast<char>(c - 'a' + 'A');
        const auto bit = bit_of(std::string(name));
        CHECK(bit != 0);
        CHECK((all & bit) == 0);
        CHECK(bit_of(upper) == bit);
        all |= bit;
    }
    CHECK(bit_of("DestUniqueID") == bit_of("destuniqueid"));
}

TEST_CASE("no other key is a core key: one byte is another one, or is missing", "[ami]") {
    for (const auto name : core_key::names) {
        CHECK(bit_of(std::string(name.substr(1))) == 0);
        CHECK(bit_of(std::string(name) + "s") == 0);
        for (std::size_t at = 0; at < name.size(); ++at)
            for (int byte = 0; byte < 256; ++byte) {
                std::string other(name);
                other[at] = static_cast<char>(byte);
                if ((bit_of(other) != 0) != same_key(other, name))
                    FAIL("byte " << byte << " at " << at << " of " << name);
            }
    }
    CHECK(bit_of("") == 0);
}
