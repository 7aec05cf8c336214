// SPDX-License-Identifier: GPL-3.0-or-later
// A thread that is refused memory; what else a pool does is in event_test.cpp.
#include "daemon/event/worker_pool.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/loop.hpp"

#include <atomic>
#include <cstdlib>
#include <new>
#include <sysexits.h>

using namespace astcti;
using event::WorkerPool;

namespace {

thread_local bool is_short = false; // of memory, from now on
std::atomic<int> refused = 0;

} // namespace

// Not inlined: GCC would compare what it sees of one with malloc() in the other, and warn.
[[gnu::noinline]] void* operator new(std::size_t size) {
    if (is_short) {
        ++refused;
        throw std::bad_alloc();
    }
    if (void* const memory = std::malloc(size == 0 ? 1 : size)) // NOLINT
        return memory;
    throw std::bad_alloc();
}

// With this Catch2 registers a test; AddressSanitizer's would not fit our operator delete.
[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    return std::malloc(size == 0 ? 1 : size); // NOLINT
}

[[gnu::noinline]] void operator delete(void* memory) noexcept {
    std::free(memory); // NOLINT
}

[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory); // NOLINT
}

TEST_CASE("a thread without memory hands over its answer", "[event]") {
    event::Loop loop;
    WorkerPool workers(loop, 1);
    int done = 0;
    // As many as would make a queue grow.
    constexpr int jobs = 100;
    for (int i = 0; i < jobs; ++i)
        REQUIRE(workers.submit([&]() -> WorkerPool::Done {
            is_short = true;
            return [&done] { ++done; };
        }));
    test::run_until(loop, [&] { return done == jobs; });
    CHECK(done == jobs);
}

TEST_CASE("a job that is refused memory ends the loop, and no more than that", "[event]") {
    event::Loop loop;
    WorkerPool workers(loop, 1);
    refused = 0;
    REQUIRE(workers.submit([]() -> WorkerPool::Done {
        is_short = true;
        const std::vector<int> numbers(1000);
        return [size = numbers.size()] { CHECK(size == 0); };
    }));
    CHECK(loop.run() == EX_SOFTWARE);
    CHECK(refused == 1);
}
