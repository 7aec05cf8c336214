// SPDX-License-Identifier: GPL-3.0-or-later
// Many short courses of events, each from a seed: what clients may rely on holds in all of them.
//
//   simulation_test COUNT         schedules with the seeds 1 to COUNT
//   simulation_test --seed SEED   one alone
#include "daemon/base/log.hpp"
#include "tests/support/simulated/schedule.hpp"

#include <charconv>
#include <cstdio>
#include <fmt/format.h>
#include <string_view>

using namespace astcti;
using simulated::Schedule;

namespace {

std::uint64_t read_number(std::string_view text) {
    std::uint64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

bool holds(std::uint64_t seed, Schedule::Totals& totals, bool traces) {
    const auto broken = Schedule(seed, totals, traces).run();
    if (!broken.empty())
        fmt::print(stderr, "seed {}: {}\n  again: simulation_test --seed {}\n", seed, broken, seed);
    return broken.empty();
}

} // namespace

int main(int argc, char* argv[]) {
    const bool is_one = argc == 3 && std::string_view(argv[1]) == "--seed";
    const auto number = argc < 2 ? 0 : read_number(argv[argc - 1]);
    if (number == 0 || (argc != 2 && !is_one)) {
        std::fputs("usage: simulation_test COUNT | --seed SEED\n", stderr);
        return 64;
    }
    base::set_log_level(is_one ? base::LogLevel::debug : base::LogLevel::error);
    constexpr int enough = 5;
    Schedule::Totals totals;
    int failed = 0;
    for (auto seed = is_one ? number : 1; seed <= number && failed < enough; ++seed)
        failed += holds(seed, totals, is_one) ? 0 : 1;
    fmt::print("{} schedules, {} steps, {} restarts; {} logins ({} by token), {} put off; {} "
               "answers, {} events "
               "told, {} snapshots ({} after something was lost), {} calls dialled; at most {} "
               "bytes kept for a "
               "client, {} ms to get in\n",
               totals.schedules, totals.steps, totals.restarts, totals.clients.logins,
               totals.clients.token_logins, totals.clients.put_off, totals.clients.answers,
               totals.events, totals.clients.snapshots, totals.clients.collapses, totals.dialled,
               totals.most_unsent, totals.longest_way_in / simulated::millisecond);
    return failed == 0 ? 0 : 1;
}
