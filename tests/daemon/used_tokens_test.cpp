// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/base/private_file.hpp"
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
