// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <functional>
#include <random>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace astcti::ami {

// What stands for the numbers, words, names and addresses of one recording: the same for the
// same, different ones for different ones. They are drawn, not computed, so there is nothing
// in a pseudonym, nor in the seed, from which the real one could be had.
class Pseudonyms {
public:
    using Random = std::mt19937_64;

    explicit Pseudonyms(Random random) : random_(random) {}

    // As many digits. Up to three leading zeros stay, which are prefixes, so +39…, 0039… and
    // 39… are told to be one number; behind them a pseudonym begins with a zero where the
    // number does.
    std::string number(std::string_view digits);
    // As many digits, for what a caller typed: of 6 and more as number(), else no zero stays.
    std::string typed(std::string_view digits);
    // As many letters; capitals where there were. Bytes that are not ASCII count as letters.
    std::string word(std::string_view letters);
    // "Name 1", "Name 2", …
    std::string name(std::string_view text);
    // Of 10.0.0.0/8 or fd00::/8; loopback and unspecified addresses as they are.
    std::string address(std::string_view digits, bool is_ipv6);

private:
    struct Hash : std::hash<std::string_view> {
        using is_transparent = void;
    };
    using Map = std::unordered_map<std::string, std::string, Hash, std::equal_to<>>;
    struct Kind {
        Map given;
        std::unordered_set<std::string> used;
    };

    template <typename Draw>
    const std::string& drawn(Kind& kind, std::string_view real, Draw draw);
    unsigned below(unsigned limit) { return static_cast<unsigned>(random_() % limit); }
    std::string draw_digits(std::size_t count);

    Random random_;
    Kind numbers_;
    Kind typed_;
    Kind words_;
    Kind addresses_;
    Map names_;
};

} // namespace astcti::ami
