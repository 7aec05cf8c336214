// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/password_checks.hpp"
#include "tests/support/loop.hpp"

using namespace astcti;

namespace {

// Begins as many checks as may be, each of a source of its own.
std::size_t begin_all(PasswordChecks& checks, bool is_delayed) {
    for (std::size_t i = 0;; ++i) {
        const PasswordChecks::Check check{"f" + std::to_string(i), is_delayed};
        if (!checks.may_begin(check))
            return i;
        checks.begin(check);
    }
}

} // namespace

TEST_CASE("few passwords are checked at a time, and fewer of one source", "[passwords]") {
    event::Loop loop;
    PasswordChecks checks(loop);
    for (std::size_t i = 0; i < PasswordChecks::max_of_source; ++i) {
        REQUIRE(checks.may_begin({"10.0.0.7"}));
        checks.begin({"10.0.0.7"});
    }
    CHECK_FALSE(checks.may_begin({"10.0.0.7"}));
    CHECK_FALSE(checks.may_begin({"10.0.0.7", true}));
    CHECK(checks.may_begin({"10.0.0.8"}));
    checks.end({"10.0.0.7"});
    CHECK(checks.may_begin({"10.0.0.7"}));
}

TEST_CASE("of all sources there are so many at a time", "[passwords]") {
    event::Loop loop;
    PasswordChecks checks(loop);
    CHECK(begin_all(checks, false) == PasswordChecks::max_checks);
    CHECK_FALSE(checks.may_begin({"10.0.0.8"}));
    CHECK(checks.may_begin({""}));
    checks.end({"f1"});
    CHECK(checks.may_begin({"10.0.0.8"}));
}

TEST_CASE("those that wait as their account is guessed at take nobody else's place",
          "[passwords]") {
    event::Loop loop;
    PasswordChecks checks(loop);
    CHECK(begin_all(checks, true) == PasswordChecks::max_delayed);
    CHECK_FALSE(checks.may_begin({"10.0.0.8", true}));
    CHECK(checks.may_begin({"10.0.0.8"}));
    checks.end({"f1", true});
    CHECK(checks.may_begin({"10.0.0.8", true}));
}

TEST_CASE("of a trusted network there are far more, which are in nobody's way", "[passwords]") {
    event::Loop loop;
    PasswordChecks checks(loop);
    for (std::size_t i = 0; i < PasswordChecks::max_shared_checks; ++i) {
        REQUIRE(checks.may_begin({""}));
        checks.begin({""});
    }
    CHECK_FALSE(checks.may_begin({""}));
    CHECK(checks.may_begin({"10.0.0.8"}));
}

TEST_CASE("what is put off is done in its order", "[passwords]") {
    event::Loop loop;
    PasswordChecks checks(loop);
    std::string order;
    checks.run_later(std::chrono::milliseconds(20), [&] { order += 'b'; });
    checks.run_later(std::chrono::milliseconds(1), [&] {
        order += 'a';
        checks.run_later(std::chrono::milliseconds(30), [&] { order += 'c'; });
    });
    test::run_until(loop, [&] { return order.size() == 3; });
    CHECK(order == "abc");
}
