// SPDX-License-Identifier: GPL-3.0-or-later
// The server is refused memory, once in a course of events: there are many, and each is refused
// another time that the server asks for any. Each time it ends as it should, nothing is lost of
// what it had (a sanitizer looks), and the next one serves everybody. Then so is what reads an
// Asterisk and knows of the calls.
//
//   no_memory_test SEEDS EACH [FILE...]   courses from the seeds 1 to SEEDS, each EACH times or as
//                                         often as memory is asked for; and what Asterisk sent, as
//                                         often as that
#include "daemon/base/log.hpp"
#include "tests/support/files.hpp"
#include "tests/support/simulated/schedule.hpp"
#include "tests/support/told.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fmt/format.h>
#include <functional>
#include <new>
#include <string>

using namespace astcti;
using simulated::Schedule;

namespace {

constexpr std::uint64_t every_time = UINT64_MAX;
std::uint64_t asked = 0;
std::uint64_t refused_at = 0; // 0: not at all
std::string trying;

} // namespace

// Not inlined: GCC would compare what it sees of one with malloc() in the other, and warn.
[[gnu::noinline]] void* operator new(std::size_t size) {
    if (simulated::is_serving && ++asked == refused_at)
        throw std::bad_alloc();
    if (void* const memory = std::malloc(size == 0 ? 1 : size)) // NOLINT
        return memory;
    throw std::bad_alloc();
}

[[gnu::noinline]] void operator delete(void* memory) noexcept {
    std::free(memory); // NOLINT
}

[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory); // NOLINT
}

namespace {

// What came of it, beginning with "seed 4"; empty: all is well.
using Course = std::function<std::string()>;

struct Tried {
    std::uint64_t times = 0;
    std::uint64_t most = 0; // that one course asks for memory
};

// At the first and the last time that memory is asked for, and evenly between. `offset`: so that
// not all courses are refused at the same places.
bool refuse(const std::string& name, std::uint64_t each, std::uint64_t offset, const Course& course,
            Tried& tried) {
    trying = name;
    refused_at = 0;
    asked = 0;
    if (const auto wrong = course(); !wrong.empty()) {
        fmt::print("{}: {}\n", name, wrong);
        return false;
    }
    const auto end = asked;
    const auto step = std::max<std::uint64_t>(end / each, 1);
    tried.most = std::max(tried.most, end);
    for (std::uint64_t at = 1 + offset % step; at <= end; at += step) {
        refused_at = at;
        asked = 0;
        ++tried.times;
        auto wrong = course();
        if (wrong.empty() && asked < at)
            wrong = "not reached";
        if (!wrong.empty()) {
            fmt::print("{}, refused at {} of {}: {}\n", name, at, end, wrong);
            return false;
        }
    }
    return true;
}

bool refuse_server(std::uint64_t seeds, std::uint64_t each) {
    Schedule::Totals totals;
    Tried tried;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        const auto course = [&] {
            Schedule schedule(seed, totals);
            return refused_at == 0 ? schedule.run() : schedule.run_short_of_memory();
        };
        if (!refuse(fmt::format("seed {}", seed), each, seed, course, tried))
            return false;
    }
    fmt::print("{} courses of events, in {} memory was refused, of up to {} times that it was "
               "asked for; {} logins, {} events told\n",
               totals.schedules, totals.failures, tried.most, totals.clients.logins, totals.events);
    return tried.times > 0 && totals.failures == tried.times;
}

// Whoever calls it is told by an exception, and that nothing else goes wrong is all there is to
// see.
bool refuse_model(const std::string& file) {
    const auto recording = test::source_file(file);
    std::uint64_t refusals = 0;
    const auto course = [&]() -> std::string {
        try {
            const simulated::Working server(true);
            test::told({{"anna", {"PJSIP/201"}}, {"bert", {"PJSIP/202"}}}, recording);
        } catch (const std::bad_alloc&) {
            ++refusals;
        }
        return {};
    };
    Tried tried;
    const bool good = refuse(file, every_time, 0, course, tried);
    fmt::print("{}: memory was refused {} times, of {} that it was asked for\n", file, refusals,
               tried.most);
    return good && tried.times > 0 && refusals == tried.times;
}

} // namespace

int main(int argc, char* argv[]) {
    if (argc < 3) {
        std::fputs("usage: no_memory_test SEEDS EACH [FILE...]\n", stderr);
        return 64;
    }
    base::set_log_level(base::LogLevel::error);
    // The server says each time why it ends; what a sanitizer says does not come this way.
    stderr = std::fopen("/dev/null", "w"); // NOLINT: it stays open
    std::set_terminate([] {
        fmt::print("{}, refused at {}: an exception came to where none may be\n", trying,
                   refused_at);
        std::fflush(stdout);
        std::abort();
    });
    const auto seeds = std::strtoull(argv[1], nullptr, 10);
    const auto each = std::strtoull(argv[2], nullptr, 10);
    if (seeds == 0 || each == 0 || !refuse_server(seeds, each))
        return 1;
    for (int i = 3; i < argc; ++i)
        if (!refuse_model(argv[i]))
            return 1;
    return 0;
}
