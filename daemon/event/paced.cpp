// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/event/paced.hpp"

#include <utility>

namespace astcti::event {

Paced::Paced(Loop& loop, std::chrono::microseconds interval, Deferred::Callback run)
    : loop_(loop), interval_(interval), run_(std::move(run)), soon_(loop, [this] { due(); }),
      later_(loop, [this] { due(); }) {}

std::chrono::microseconds Paced::now() const noexcept {
    return std::chrono::microseconds(static_cast<std::int64_t>(loop_.now()));
}

void Paced::request() {
    if (std::exchange(is_requested_, true))
        return;
    if (const auto wait = next_ - now(); wait > wait.zero())
        later_.start(wait);
    else
        soon_.request();
}

void Paced::due() {
    is_requested_ = false;
    next_ = now() + interval_;
    run_();
}

} // namespace astcti::event
