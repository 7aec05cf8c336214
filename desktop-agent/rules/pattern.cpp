// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/rules/pattern.hpp"

namespace astcti::rules {

bool fits(std::string_view pattern, std::string_view number) noexcept {
    constexpr auto none = std::string_view::npos;
    std::size_t at = 0;
    std::size_t in_number = 0;
    std::size_t star = none; // the last `*`, to which we come back with one more character
    std::size_t taken = 0;
    while (in_number < number.size()) {
        if (at < pattern.size() && pattern[at] == '*') {
            star = at++;
            taken = in_number;
        } else if (at < pattern.size() &&
                   (pattern[at] == '?' || pattern[at] == number[in_number])) {
            ++at;
            ++in_number;
        } else if (star != none) {
            at = star + 1;
            in_number = ++taken;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', at) == none;
}

} // namespace astcti::rules
