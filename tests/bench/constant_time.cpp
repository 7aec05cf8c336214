// SPDX-License-Identifier: GPL-3.0-or-later
// Does the time of a comparison tell where two secrets differ? After dudect (Reparaz, Balasch,
// Verbauwhede, "dude, is my code constant time?", 2017): two kinds of input in random order, and
// Welch's t of their times. More than 4.5 is a difference; a loop that stops shows that it would be
// seen.
//
//   constant_time [COUNT]   of measurements, by default 2000000
#include "daemon/base/digest.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <string>
#include <vector>

namespace {

constexpr int calls = 50;        // in one measurement: a clock's tick is longer than one
constexpr std::size_t size = 32; // of an HMAC-SHA256

struct Sample {
    bool late; // differs at its last byte, not at its first
    double time;
};

struct Mean {
    double count = 0;
    double mean = 0;
    double squares = 0;

    void add(double value) {
        ++count;
        const double delta = value - mean;
        mean += delta / count;
        squares += delta * (value - mean);
    }
    double error() const { return squares / (count - 1) / count; }
};

template <typename Equal>
void measure(const char* name, int count, Equal equal) {
    std::minstd_rand random(1);
    const std::string secret(size, 's');
    std::string early = secret;
    std::string late = secret;
    early.front() = 'x';
    late.back() = 'x';
    std::vector<Sample> samples;
    samples.reserve(static_cast<std::size_t>(count));
    volatile bool sink = false;
    for (int i = 0; i < count; ++i) {
        const bool is_late = random() % 2 == 0;
        const std::string guess = is_late ? late : early; // at the same place for both
        const auto begin = std::chrono::steady_clock::now();
        for (int call = 0; call < calls; ++call)
            sink = sink != equal(secret, guess);
        const std::chrono::duration<double, std::nano> time =
            std::chrono::steady_clock::now() - begin;
        samples.push_back({is_late, time.count() / calls});
    }
    // What interrupted it says nothing of it.
    auto sorted = samples;
    const auto cut = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() * 9 / 10);
    std::ranges::nth_element(sorted, cut, {}, &Sample::time);
    const double most = cut->time;
    Mean means[2];
    for (const auto& sample : samples)
        if (sample.time <= most)
            means[sample.late ? 1 : 0].add(sample.time);
    const double t =
        (means[1].mean - means[0].mean) / std::sqrt(means[0].error() + means[1].error());
    std::printf("%s: differs at the first byte %.3f ns, at the last %.3f ns, t = %.1f: %s\n", name,
                means[0].mean, means[1].mean, t,
                std::abs(t) > 4.5 ? "a difference" : "no difference");
}

} // namespace

int main(int argc, char* argv[]) {
    constexpr int enough = 2000000;
    const int count = argc > 1 ? std::atoi(argv[1]) : enough;
    measure("equal_in_constant_time", count, astcti::base::equal_in_constant_time);
    // Byte by byte, as a loop does it.
    measure("a loop that stops", count, [](std::string_view a, std::string_view b) {
        for (std::size_t i = 0; i < a.size(); ++i)
            if (const volatile char differs = static_cast<char>(a[i] ^ b[i]); differs != 0)
                return false;
        return true;
    });
}
