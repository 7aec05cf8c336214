// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/base/private_file.hpp"
#include "daemon/password_checks.hpp"
#include "daemon/used_tokens.hpp"
#include "tests/support/loop.hpp"
#include "tests/support/temp_dir.hpp"

#include <sys/stat.h>

using namespace astcti;
using Used = UsedTokens::Used;

namespace {

Used used(unsigned number, protocol::Microseconds expires) {
    return {expires, std::string(clients::TokenBook::id_size, static_cast<char>('a' + number))};
}

} // namespace

TEST_CASE("used tokens are there after a restart, until they have expired", "[tokens]") {
    const test::TempDir directory;
    const auto path = directory.path("tokens.used");
    event::Loop loop;
    {
        event::WorkerPool workers(loop, 1);
        UsedTokens record(loop, workers, path);
        CHECK(record.load(1).empty());
        for (unsigned i = 0; i < 20; ++i)
            record.add(used(i, 100 + i), 1);
        test::run_until(loop, [&] {
            return base::read_private(path, 10000)->size() == 20 * UsedTokens::record_size;
        });
    }
    event::WorkerPool workers(loop, 1);
    UsedTokens record(loop, workers, path);
    const auto left = record.load(109);
    REQUIRE(left.size() == 10);
    CHECK(left.front() == used(10, 110));
    CHECK(base::read_private(path, 10000)->size() == 10 * UsedTokens::record_size);
    struct stat status {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777U) == 0600);
}

TEST_CASE("a record that was torn by a crash is none", "[tokens]") {
    const auto whole = UsedTokens::encode(used(1, 100)) + UsedTokens::encode(used(2, 100));
    for (std::size_t size = 0; size <= whole.size(); ++size)
        CHECK(UsedTokens::decode(whole.substr(0, size), 1).size() ==
              size / UsedTokens::record_size);
}

TEST_CASE("a disk that cannot be written keeps nobody from coming back", "[tokens]") {
    const test::TempDir directory;
    event::Loop loop;
    event::WorkerPool workers(loop, 1);
    UsedTokens record(loop, workers, directory.path("no/such/place"));
    for (unsigned i = 0; i < 3; ++i) {
        record.add(used(i, 100), 1);
        bool done = false;
        REQUIRE(workers.submit(
            [&done]() -> event::WorkerPool::Done { return [&done] { done = true; }; }));
        test::run_until(loop, [&] { return done; });
        CHECK(done);
    }
}

TEST_CASE("few passwords are checked at a time, and fewer of one source", "[passwords]") {
    event::Loop loop;
    PasswordChecks checks(loop);
    for (std::size_t i = 0; i < PasswordChecks::max_of_source; ++i) {
        REQUIRE(checks.may_begin("10.0.0.7"));
        checks.begin("10.0.0.7");
    }
    CHECK_FALSE(checks.may_begin("10.0.0.7"));
    CHECK(checks.may_begin("10.0.0.8"));
    checks.end("10.0.0.7");
    CHECK(checks.may_begin("10.0.0.7"));
    SECTION("of all sources there are so many at a time") {
        for (std::size_t i = 1; i < PasswordChecks::max_checks; ++i) {
            const auto source = "f" + std::to_string(i);
            REQUIRE(checks.may_begin(source));
            checks.begin(source);
        }
        CHECK_FALSE(checks.may_begin("10.0.0.8"));
        CHECK(checks.may_begin(""));
        checks.end("f1");
        CHECK(checks.may_begin("10.0.0.8"));
    }
    SECTION("of a trusted network far more, which are in nobody's way") {
        for (std::size_t i = 0; i < PasswordChecks::max_shared_checks; ++i) {
            REQUIRE(checks.may_begin(""));
            checks.begin("");
        }
        CHECK_FALSE(checks.may_begin(""));
        CHECK(checks.may_begin("10.0.0.8"));
    }
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
