// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/password_checks.hpp"

#include <algorithm>
#include <utility>

namespace astcti {

bool PasswordChecks::may_begin(const Check& check) const {
    const auto found = of_source_.find(check.source);
    const auto own = found == of_source_.end() ? 0 : found->second;
    if (check.source.empty())
        return own < max_shared_checks;
    return own < max_of_source && (check.is_delayed ? delayed_ < max_delayed : count_ < max_checks);
}

void PasswordChecks::begin(const Check& check) {
    count(check) += check.source.empty() ? 0U : 1U;
    ++of_source_[check.source];
}

void PasswordChecks::end(const Check& check) {
    count(check) -= check.source.empty() ? 0U : 1U;
    const auto found = of_source_.find(check.source);
    if (found != of_source_.end() && --found->second == 0)
        of_source_.erase(found);
}

void PasswordChecks::run_later(std::chrono::milliseconds delay, std::function<void()> run) {
    const std::chrono::microseconds now(static_cast<std::int64_t>(loop_.now()));
    later_.emplace(now + delay, std::move(run));
    timer_.start(later_.begin()->first - now);
}

void PasswordChecks::run_due() {
    const std::chrono::microseconds now(static_cast<std::int64_t>(loop_.now()));
    while (!later_.empty() && later_.begin()->first <= now) {
        const auto run = std::move(later_.begin()->second);
        later_.erase(later_.begin());
        run();
    }
    if (!later_.empty())
        timer_.start(std::max(later_.begin()->first - now, std::chrono::microseconds{}));
}

} // namespace astcti
