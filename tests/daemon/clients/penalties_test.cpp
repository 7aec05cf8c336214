// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/clients/penalties.hpp"
#include "tests/support/catch.hpp"

#include <set>

using namespace astcti::clients;
using namespace std::chrono_literals;

namespace {

constexpr bool shared = true;

void fail(Penalties& penalties, int times, std::string_view source, std::string_view account,
          Penalties::Time now) {
    for (int i = 0; i < times; ++i)
        penalties.failed(source, account, !shared, now);
}

} // namespace

TEST_CASE("a few wrong passwords cost nothing", "[penalties]") {
    Penalties penalties;
    fail(penalties, Penalties::free_for_pair, "10.0.0.7", "anna", 0s);
    CHECK(penalties.wait("10.0.0.7", "anna", !shared, 0s) == 0s);
    fail(penalties, 1, "10.0.0.7", "anna", 0s);
    CHECK(penalties.wait("10.0.0.7", "anna", !shared, 0s) == 2s);
    CHECK(penalties.wait("10.0.0.7", "anna", !shared, 1500ms) == 500ms);
    CHECK(penalties.wait("10.0.0.7", "anna", !shared, 2s) == 0s);
}

TEST_CASE("the wait grows up to ten minutes and no further", "[penalties]") {
    Penalties penalties;
    Penalties::Time now = 0s;
    Penalties::Milliseconds longest{};
    std::vector<Penalties::Milliseconds> waits;
    for (int i = 0; i < 40; ++i) {
        penalties.failed("10.0.0.7", "anna", !shared, now);
        waits.push_back(penalties.wait("10.0.0.7", "anna", !shared, now));
        longest = std::max(longest, waits.back());
    }
    CHECK(waits[4] == 4s);
    CHECK(waits[5] == 8s);
    CHECK(longest == Penalties::max_wait);
    CHECK(waits.back() == Penalties::max_wait);
}

TEST_CASE("who guesses and waits gets few guesses", "[penalties]") {
    Penalties penalties;
    Penalties::Time now = 0s;
    int guesses = 0;
    while (now < 24h) {
        penalties.failed("10.0.0.7", "anna", !shared, now);
        ++guesses;
        now += std::max<Penalties::Time>(penalties.wait("10.0.0.7", "anna", !shared, now), 1ms);
    }
    CHECK(guesses < 400);
}

TEST_CASE("penalties fade", "[penalties]") {
    Penalties penalties;
    fail(penalties, 6, "10.0.0.7", "anna", 0s);
    CHECK(penalties.wait("10.0.0.7", "anna", !shared, 0s) == 8s);
    // Six five minutes later all is forgotten.
    fail(penalties, 1, "10.0.0.7", "anna", 30min);
    CHECK(penalties.wait("10.0.0.7", "anna", !shared, 30min) == 0s);
}

TEST_CASE("a source that guesses at many accounts waits for all of them", "[penalties]") {
    Penalties penalties;
    for (unsigned i = 0; i <= Penalties::free_for_source; ++i)
        fail(penalties, 1, "10.0.0.7", "user" + std::to_string(i), 0s);
    CHECK(penalties.wait("10.0.0.7", "anna", !shared, 0s) == 2s);
    CHECK(penalties.wait("10.0.0.8", "anna", !shared, 0s) == 0s);
    SECTION("unless many people are behind it") {
        CHECK(penalties.wait("10.0.0.7", "anna", shared, 0s) == 0s);
        Penalties of_network;
        for (int i = 0; i < 1000; ++i)
            of_network.failed("10.0.0.7", "user" + std::to_string(i), shared, 0s);
        CHECK(of_network.wait("10.0.0.7", "anna", !shared, 0s) == 0s);
    }
}

TEST_CASE("of a trusted network an account has more for nothing, and not without end",
          "[penalties]") {
    Penalties penalties;
    for (unsigned i = 0; i < Penalties::free_for_shared_pair; ++i)
        penalties.failed("10.0.0.7", "anna", shared, 0s);
    CHECK(penalties.wait("10.0.0.7", "anna", shared, 0s) == 0s);
    penalties.failed("10.0.0.7", "anna", shared, 0s);
    CHECK(penalties.wait("10.0.0.7", "anna", shared, 0s) == 2s);
    CHECK(penalties.wait("10.0.0.7", "bert", shared, 0s) == 0s);
}

TEST_CASE("a neighbour who guesses keeps nobody out who came from there before", "[penalties]") {
    Penalties penalties;
    if (GENERATE(true, false))
        penalties.succeeded("10.0.0.7", "anna", 0s);
    else
        penalties.came_from("10.0.0.7", "anna"); // by a token
    for (int i = 0; i < 1000; ++i)
        for (const auto* name : {"anna", "bert"})
            penalties.failed("10.0.0.7", name, shared, 0s);
    CHECK(penalties.wait("10.0.0.7", "anna", shared, 0s) == 0s);
    CHECK(penalties.delay("10.0.0.7", "anna", shared, 1s) == 4s);
    // Its turn was at 5 s.
    CHECK(penalties.delay("10.0.0.7", "anna", shared, 1s) == 9s);
    CHECK(penalties.delay("10.0.0.7", "anna", shared, 30s) == 0s);
    CHECK(penalties.delay("10.0.0.7", "anna", shared, 30s) == Penalties::max_delay);
    CHECK(penalties.wait("10.0.0.7", "bert", shared, 0s) == Penalties::max_wait);
    // Of a network that nobody vouches for all of it counts.
    CHECK(penalties.wait("10.0.0.7", "anna", !shared, 0s) == Penalties::max_wait);
}

TEST_CASE("a neighbour who asks again as soon as he may does not keep her out", "[penalties]") {
    Penalties penalties;
    penalties.succeeded("10.0.0.7", "anna", 0s);
    for (unsigned i = 0; i <= Penalties::free_for_shared_pair; ++i)
        penalties.failed("10.0.0.7", "anna", shared, 0s);
    // He asks first, and again whenever he has his answer; she asks once.
    Penalties::Time his = penalties.delay("10.0.0.7", "anna", shared, 0s);
    REQUIRE(penalties.wait("10.0.0.7", "anna", shared, 1ms) == 0s);
    const Penalties::Time hers = 1ms + penalties.delay("10.0.0.7", "anna", shared, 1ms);
    int guesses = 0;
    while (his < hers) {
        ++guesses;
        penalties.failed("10.0.0.7", "anna", shared, his);
        REQUIRE(penalties.wait("10.0.0.7", "anna", shared, his) == 0s);
        his += penalties.delay("10.0.0.7", "anna", shared, his);
    }
    CHECK(guesses == 1);
    CHECK(hers <= 2 * Penalties::max_delay);
}

TEST_CASE("who asks on many lines at such a source gets no more guesses, and no longer queue",
          "[penalties]") {
    Penalties penalties;
    penalties.succeeded("10.0.0.7", "anna", 0s);
    std::multiset<Penalties::Time> due{0s};
    int guesses = 0;
    constexpr auto day = std::chrono::duration_cast<Penalties::Time>(24h);
    for (auto now = *due.begin(); now < day; now = *due.begin()) {
        due.erase(due.begin());
        penalties.failed("10.0.0.7", "anna", shared, now);
        ++guesses;
        while (penalties.wait("10.0.0.7", "anna", shared, now) == 0s && due.size() < 100)
            due.insert(now + penalties.delay("10.0.0.7", "anna", shared, now));
        // One was looked at just now.
        if (guesses > 200)
            REQUIRE(due.size() == Penalties::max_turns - 1);
    }
    CHECK(guesses < day / Penalties::max_delay + 200);
}

TEST_CASE("whoever is guessed at still comes in", "[penalties]") {
    Penalties penalties;
    penalties.succeeded("10.0.0.1", "anna", 0s);
    for (int i = 0; i < 10000; ++i)
        fail(penalties, 1, "10.1." + std::to_string(i / 250) + '.' + std::to_string(i % 250),
             "anna", 10s);
    SECTION("at once from where she came from before") {
        CHECK(penalties.wait("10.0.0.1", "anna", !shared, 10s) == 0s);
        CHECK(penalties.delay("10.0.0.1", "anna", !shared, 10s) == 0s);
    }
    SECTION("after a moment from elsewhere") {
        CHECK(penalties.wait("10.0.0.2", "anna", !shared, 10s) == 0s);
        CHECK(penalties.delay("10.0.0.2", "anna", !shared, 10s) == Penalties::max_delay);
    }
    SECTION("and nobody else notices") {
        CHECK(penalties.delay("10.0.0.2", "bert", !shared, 10s) == 0s);
    }
}

TEST_CASE("the right password ends the wait of this source for this account", "[penalties]") {
    Penalties penalties;
    fail(penalties, 8, "10.0.0.7", "anna", 0s);
    REQUIRE(penalties.wait("10.0.0.7", "anna", !shared, 0s) > 0s);
    penalties.succeeded("10.0.0.7", "anna", 0s);
    CHECK(penalties.wait("10.0.0.7", "anna", !shared, 0s) == 0s);
    SECTION("but not that of the source: with one account one may not guess at all others") {
        fail(penalties, 20, "10.0.0.7", "bert", 0s);
        penalties.succeeded("10.0.0.7", "anna", 0s);
        CHECK(penalties.wait("10.0.0.7", "anna", !shared, 0s) > 0s);
    }
}

TEST_CASE("however many sources and accounts there are, they are remembered up to a limit",
          "[penalties]") {
    Penalties penalties;
    for (std::size_t i = 0; i < Penalties::max_entries + 1000; ++i)
        penalties.failed("s" + std::to_string(i), "a" + std::to_string(i), !shared, 0s);
    CHECK(penalties.size() == 3 * Penalties::max_entries);
}
