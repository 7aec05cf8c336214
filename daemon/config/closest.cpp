// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/config/closest.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

namespace astcti::config {
namespace {

// Longer words are nobody's typing mistake, and the distance takes the product of the lengths.
constexpr std::size_t max_word = 64;

// Letters to change, add, leave out, or swap with their neighbour (optimal string alignment).
std::size_t distance(std::string_view a, std::string_view b) {
    using Row = std::array<std::size_t, max_word + 1>;
    Row before{}; // of a[i - 2]
    Row above{};  // of a[i - 1]
    Row row{};
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        before = std::exchange(above, row);
        row[0] = i + 1;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const auto replaced = above[j] + (a[i] == b[j] ? 0 : 1);
            row[j + 1] = std::min({replaced, row[j] + 1, above[j + 1] + 1});
            if (i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j])
                row[j + 1] = std::min(row[j + 1], before[j - 1] + 1);
        }
    }
    return row[b.size()];
}

} // namespace

std::string_view closest(std::string_view word, const std::vector<std::string_view>& candidates) {
    std::string_view best;
    if (word.size() > max_word)
        return best;
    auto best_distance = std::max<std::size_t>(word.size() / 3, 1) + 1;
    for (const auto candidate : candidates) {
        const auto d = candidate.size() > max_word ? max_word : distance(word, candidate);
        if (d < best_distance) {
            best = candidate;
            best_distance = d;
        }
    }
    return best;
}

} // namespace astcti::config
