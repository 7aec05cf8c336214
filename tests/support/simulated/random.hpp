// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>

namespace astcti::simulated {

// The same numbers from the same seed everywhere, which the standard library's distributions do not
// promise.
class Random {
public:
    explicit Random(std::uint64_t seed) : engine_(seed) {}

    // 0 to limit - 1.
    std::uint64_t below(std::uint64_t limit) { return engine_() % limit; }
    std::uint64_t between(std::uint64_t low, std::uint64_t high) {
        return low + below(high - low + 1);
    }
    bool chance(unsigned percent) { return below(100) < percent; }

    std::string bytes(std::size_t size) {
        std::string out;
        while (out.size() < size)
            out += static_cast<char>(below(256));
        return out;
    }

private:
    std::mt19937_64 engine_;
};

} // namespace astcti::simulated
