// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/event/at_exit.hpp"

#include "daemon/base/system_error.hpp"
#include "daemon/event/barrier.hpp"

namespace astcti::event {

AtExit::AtExit(Loop& loop, Callback run) : run_(std::move(run)) {
    sd_event_source* source = nullptr;
    base::check(sd_event_add_exit(loop.get(), &source, dispatch, this),
                "cannot watch the end of the loop");
    source_.reset(source);
}

int AtExit::dispatch(sd_event_source* source, void* self) noexcept {
    return barrier(source, [&] {
        int code = 0;
        sd_event_get_exit_code(sd_event_source_get_event(source), &code);
        if (code == 0)
            static_cast<AtExit*>(self)->run_();
    });
}

} // namespace astcti::event
