// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/event/loop.hpp"

#include <functional>

namespace astcti::event {

// Calls `run` when the loop is about to end in order, as long as sources may still be changed. Not
// when an exception ends it: what that came out of may have been half done.
class AtExit {
public:
    using Callback = std::function<void()>;

    AtExit(Loop& loop, Callback run);
    AtExit(const AtExit&) = delete; // the loop holds our address

private:
    static int dispatch(sd_event_source* source, void* self) noexcept;

    Callback run_;
    Source source_;
};

} // namespace astcti::event
