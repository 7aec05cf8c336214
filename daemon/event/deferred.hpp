// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/event/loop.hpp"

#include <functional>

namespace astcti::event {

// Calls `run` once from the loop after request(), when no handler is on the stack any more:
// the place to destroy what may still be in use now.
class Deferred {
public:
    using Callback = std::function<void()>;

    Deferred(Loop& loop, Callback run);
    Deferred(const Deferred&) = delete; // the loop holds our address

    void request();

private:
    static int dispatch(sd_event_source* source, void* self) noexcept;

    Callback run_;
    Source source_;
};

} // namespace astcti::event
