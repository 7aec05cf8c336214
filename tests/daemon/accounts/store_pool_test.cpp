// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/accounts/sqlite_store.hpp"
#include "daemon/accounts/store_pool.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

using namespace astcti::accounts;
using astcti::test::TempDir;
using Time = Breaker::Time;

namespace {

constexpr Time start = Time() + std::chrono::hours(1);

} // namespace

TEST_CASE("while a database is away it is tried once in a while, by one", "[accounts]") {
    Breaker breaker;
    CHECK(breaker.may_try(start));
    CHECK(breaker.may_try(start)); // all may while all is well
    breaker.failed("it is away", start);
    CHECK(breaker.why() == "it is away");
    CHECK_FALSE(breaker.may_try(start));
    CHECK_FALSE(breaker.may_try(start + Breaker::pause - std::chrono::milliseconds(1)));
    CHECK(breaker.may_try(start + Breaker::pause));
    CHECK_FALSE(breaker.may_try(start + Breaker::pause)); // somebody does
    SECTION("and if it is still away the pause begins anew") {
        breaker.failed("still", start + 2 * Breaker::pause);
        CHECK_FALSE(breaker.may_try(start + 2 * Breaker::pause));
        CHECK(breaker.may_try(start + 3 * Breaker::pause));
        CHECK(breaker.why() == "still");
    }
    SECTION("and if it is back all may again") {
        breaker.succeeded();
        CHECK(breaker.may_try(start + Breaker::pause));
        CHECK(breaker.may_try(start + Breaker::pause));
    }
}

TEST_CASE("a pool keeps a store for the next one, unless it failed", "[accounts]") {
    const TempDir directory;
    int made = 0;
    Time now = start;
    StorePool pool(
        [&] {
            ++made;
            return std::make_unique<SqliteStore>(directory.path("astcti.db"));
        },
        [&now] { return now; });
    const auto read = [](Store& store) { return store.list().size(); };
    CHECK(pool.with(read) == 0);
    CHECK(pool.with(read) == 0);
    CHECK(made == 1);
    SECTION("two at the same time have two") {
        pool.with([&](Store&) { return pool.with(read); });
        CHECK(made == 2);
        CHECK(pool.with(read) == 0);
        CHECK(made == 2);
    }
    SECTION("a row that is wrong keeps nobody from the others") {
        const auto fail = [](Store&) -> int { throw BadRow("it is too long"); };
        CHECK_THROWS_AS(pool.with(fail), BadRow);
        CHECK(pool.with(read) == 0);
        CHECK(made == 1);
    }
    SECTION("after a failure it says so at once, and asks nobody") {
        int asked = 0;
        const auto fail = [&](Store&) -> int {
            ++asked;
            throw StoreError("it is away");
        };
        CHECK_THROWS_WITH(pool.with(fail), "it is away");
        CHECK_THROWS_WITH(pool.with(fail), "it is away");
        CHECK_THROWS_WITH(pool.with(read), "it is away");
        CHECK(asked == 1);
        CHECK(made == 1);
        now += Breaker::pause;
        CHECK(pool.with(read) == 0);
        CHECK(made == 2); // what had failed is not used again
    }
}
