// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <utility>

namespace astcti::simulated {

// Whether it is the server that works now, and not the test or what stands for the system: whose
// memory may be refused (no_memory_test.cpp).
inline bool is_serving = false;

class Working {
public:
    explicit Working(bool serves) noexcept : before_(std::exchange(is_serving, serves)) {}
    ~Working() { is_serving = before_; }
    Working(const Working&) = delete;

private:
    bool before_;
};

} // namespace astcti::simulated
