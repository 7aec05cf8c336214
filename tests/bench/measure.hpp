// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <cstring>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

namespace astcti::bench {

// The work that everything is compared with: lines found by memchr, and nothing done with them.
inline std::size_t split(std::string_view bytes) {
    std::size_t lines = 0;
    const char* at = bytes.data();
    const char* end = at + bytes.size();
    while (at < end) {
        const auto* next =
            static_cast<const char*>(std::memchr(at, '\n', static_cast<std::size_t>(end - at)));
        if (!next)
            break;
        ++lines;
        at = next + 1;
    }
    return lines;
}

template <typename Work>
long nanoseconds(Work&& work) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now() -
                                                                begin)
        .count();
}

// Measures both, and prints "pair REFERENCE SUBJECT" in nanoseconds. Which one is the first
// changes from pair to pair, so that what the first does to the second does not count.
template <typename Reference, typename Subject>
void measure_pair(int pair, Reference&& reference, Subject&& subject) {
    const bool first = pair % 2 == 0;
    const auto a = first ? nanoseconds(reference) : nanoseconds(subject);
    const auto b = first ? nanoseconds(subject) : nanoseconds(reference);
    fmt::print("pair {} {}\n", first ? a : b, first ? b : a);
}

inline std::string read_file(const std::string& name) {
    std::ifstream stream(name, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

// The trace with other ids: they must be new in each round, as Asterisk's are.
inline std::string with_ids(std::string bytes, int round) {
    const std::string_view begin = "17954068";
    const auto other = fmt::format("{:08}", 20000000 + round);
    for (auto at = bytes.find(begin); at != bytes.npos; at = bytes.find(begin, at + 8))
        bytes.replace(at, begin.size(), other);
    return bytes;
}

} // namespace astcti::bench
