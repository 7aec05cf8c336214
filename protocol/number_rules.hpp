// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "protocol/call.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace astcti::protocol {

// E.164: no telephone number of the world is longer, country code included.
inline constexpr std::size_t max_global_digits = 15;
inline constexpr std::size_t default_shortest = 6;
inline constexpr std::size_t max_withheld_words = 32;

// How numbers are written and dialled where the PBX stands: <numbers> of the configuration and
// of the rules.
struct NumberRules {
    std::string country_code;         // 39; empty: no rules, numbers stay as they are
    std::string international_prefix; // dialled before a country code: 00, 011
    std::string trunk_prefix;         // dialled before a national number: 0, 1; empty: nothing is
    bool keep_trunk_prefix = false;   // it belongs to the number: Italy, +39 06…
    std::string outside_line;         // dialled first to leave the PBX; often nothing
    // So many digits make a number of the outside; shorter ones are the PBX's own.
    std::size_t shortest = default_shortest;
    // A number without any prefix that has more digits is an international one without its +:
    // many providers send those. 0: there are none.
    std::size_t longest_plain = 0;
    std::vector<std::string> withheld; // words besides the usual ones (is_withheld)

    bool operator==(const NumberRules&) const = default;

    bool configured() const noexcept { return !country_code.empty(); }
};

// Is this one of the words that stand in the place of a number that is not told, such as
// "anonymous", "Restricted" or a configured one? Case of ASCII letters does not matter.
bool is_withheld(const NumberRules& rules, std::string_view number) noexcept;

struct Rewritten {
    std::string number; // empty if withheld
    bool withheld = false;

    bool operator==(const Rewritten&) const = default;
};

// One way to write a number: a global one as + and digits (RFC 3966 without separators). What is
// no number of the outside (an extension, *8, letters, what no rule fits) stays as it is, byte
// for byte. Rewriting what was rewritten changes nothing.
Rewritten rewrite(const NumberRules& rules, std::string_view number);

// The same for a number that somebody dialled: the outside line may stand before it.
Rewritten rewrite_dialled(const NumberRules& rules, std::string_view number);

// Rewrites the other party's number by the direction of the call. A party that withholds its
// number has no name either.
void rewrite_peer(const NumberRules& rules, Call& call);

// The way back: what the PBX has to be given for a number. One with + gets the prefixes that it
// needs from here; any other is dialled as it is written, only without the separators.
std::string to_dial(const NumberRules& rules, std::string_view number);

} // namespace astcti::protocol
