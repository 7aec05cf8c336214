// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <malloc.h>

namespace astcti::base {

// Keeps what was freed, up to so many bytes, for whoever asks next. A list of all channels comes
// once a minute, and what is needed meanwhile goes with its end: to give it back to the kernel and
// to have it anew, zeroed and page by page, costs a third of reading the list once more.
inline constexpr int kept_memory = 64 << 20;

inline void keep_memory() noexcept {
    ::mallopt(M_TRIM_THRESHOLD, kept_memory);
    ::mallopt(M_MMAP_THRESHOLD, kept_memory / 2);
}

} // namespace astcti::base
