// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/calls/leg_text.hpp"
#include "tests/support/catch.hpp"

#include <string>
#include <utility>

using namespace astcti;
using calls::BridgeId;
using calls::LegText;

namespace {

std::string letters(std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i)
        text += static_cast<char>('a' + i % 26);
    return text;
}

constexpr std::size_t longest = BridgeId::room + 10;

template <typename Text>
void check_any_length() {
    for (std::size_t before = 0; before <= longest; ++before)
        for (std::size_t after = 0; after <= longest; ++after) {
            Text text(std::string(before, '-'));
            text = letters(after);
            REQUIRE(text == letters(after));
            REQUIRE(text.size() == after);
            REQUIRE(text.empty() == (after == 0));
        }
}

} // namespace

TEST_CASE("a text of any length is what was assigned, whatever it was before", "[calls]") {
    check_any_length<LegText>();
    check_any_length<BridgeId>();
}

TEST_CASE("a text may become a part of itself", "[calls]") {
    const auto whole = letters(longest);
    for (std::size_t size = 0; size <= longest; ++size)
        for (std::size_t from = 0; from <= size; ++from) {
            LegText text(std::string_view(whole).substr(0, size));
            text = text.view().substr(from);
            REQUIRE(text == std::string_view(whole).substr(from, size - from));
        }
}

TEST_CASE("a copy is its own, and what is moved goes along", "[calls]") {
    const auto size = GENERATE(std::size_t{0}, std::size_t{1}, LegText::room, LegText::room + 1);
    CAPTURE(size);
    LegText one(letters(size));
    LegText copy(one);
    one = "other";
    CHECK(copy == letters(size));
    LegText moved(std::move(copy));
    CHECK(moved == letters(size));
    one = std::move(moved);
    CHECK(one == letters(size));
    one = *&one;
    CHECK(one == letters(size));
    one.clear();
    CHECK(one.empty());
}
