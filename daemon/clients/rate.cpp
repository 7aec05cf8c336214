// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/clients/rate.hpp"

#include <algorithm>

namespace astcti::clients {

DialRate::Milliseconds DialRate::left(const Bucket& bucket, int size, Milliseconds each, Time now) {
    const Time missing = std::max(bucket.full_at - now, Time{}) + each - size * each;
    return missing <= Time{} ? Milliseconds{} : std::chrono::ceil<Milliseconds>(missing);
}

void DialRate::take(Bucket& bucket, Milliseconds each, Time now) {
    bucket.full_at = std::max(bucket.full_at, now) + each;
}

DialRate::Milliseconds DialRate::dial(std::string_view account, Time now) {
    auto& own = people_.touch(account);
    const auto wait =
        std::max(left(own, at_once, interval, now), left(all_, all_at_once, interval_of_all, now));
    if (wait == Milliseconds{}) {
        take(own, interval, now);
        take(all_, interval_of_all, now);
    }
    return wait;
}

} // namespace astcti::clients
