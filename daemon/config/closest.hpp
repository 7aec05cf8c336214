// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace astcti::config {

// The candidate that somebody who wrote `word` probably meant: at most a third of its letters
// have to be changed, added, left out or swapped. Empty if there is none.
std::string_view closest(std::string_view word, const std::vector<std::string_view>& candidates);

} // namespace astcti::config
