// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace astcti::rules {

// Does a number fit? `*` is any number of characters, `?` exactly one, everything else itself,
// so a `*` in the number fits a `*`. The whole number has to fit. Takes at most the product of
// the two lengths.
bool fits(std::string_view pattern, std::string_view number) noexcept;

} // namespace astcti::rules
