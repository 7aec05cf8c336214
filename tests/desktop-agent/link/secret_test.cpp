// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/link/secret.hpp"
#include "tests/support/catch.hpp"

#include <cstring>

using astcti::link::Secret;

TEST_CASE("what is wiped is gone from memory, also what stood there before", "[link]") {
    const auto size = GENERATE(std::size_t{8}, std::size_t{200}); // within the object, and not
    std::string text(size, 's');
    const auto* begin = text.data();
    const auto room = text.capacity();
    text.resize(2);
    astcti::link::wipe(text);
    REQUIRE(text.empty());
    REQUIRE(text.data() == begin);
    REQUIRE(text.capacity() == room);
    // Not through the string, which would write it first.
    CHECK(std::memchr(begin, 's', room) == nullptr);
}

TEST_CASE("a secret moves, and leaves nothing behind", "[link]") {
    const auto size = GENERATE(std::size_t{8}, std::size_t{200});
    const std::string text(size, 's');
    Secret first(text);
    Secret second(std::move(first));
    CHECK(second.view() == text);
    CHECK(first.empty()); // NOLINT(bugprone-use-after-move): that is the claim
    first = std::move(second);
    CHECK(first.view() == text);
    CHECK(second.empty()); // NOLINT(bugprone-use-after-move)
}
