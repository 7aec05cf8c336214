// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace astcti::ami {

// What there is to say about a recording in one line.
struct RecordingSummary {
    std::size_t packets = 0;
    std::int64_t first = 0; // seconds since 1970; 0 if no packet tells its time
    std::int64_t last = 0;
    bool is_whole = false; // begins with a connection or a list of channels
};
RecordingSummary summary_of(std::string_view recording);

} // namespace astcti::ami
