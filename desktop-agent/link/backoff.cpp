// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/link/backoff.hpp"

#include <algorithm>

namespace astcti::link {
namespace {

using std::chrono::milliseconds;

milliseconds part(milliseconds whole, double random) noexcept {
    return std::chrono::duration_cast<milliseconds>(whole * random);
}

} // namespace

milliseconds Backoff::next(double random, milliseconds hint) noexcept {
    const auto limit = std::max(limit_, std::min(hint, max_hint));
    limit_ = std::min(limit_ * 2, cap);
    return part(limit, random);
}

milliseconds Backoff::after_session(double random, milliseconds hint) noexcept {
    succeeded();
    return part(std::clamp(hint, milliseconds(0), max_hint), random);
}

} // namespace astcti::link
