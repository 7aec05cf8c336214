// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "protocol/event.hpp"

#include <chrono>
#include <vector>

namespace astcti::demo {

// One event of calls that are made up.
struct Step {
    std::chrono::milliseconds wait; // since the step before
    protocol::Event event;          // its times are those of the call, counted from `start`
};

// What a server would say first: there are no calls.
std::vector<protocol::Event> opening();

// A round of calls such as a person has: a customer through a queue, a colleague who hands another
// customer over, one that nobody answers, one who does not want to be known and is answered at
// another desk, and one that goes out. `round` is part of their ids, `start` the time of now.
std::vector<Step> calls(unsigned int round, protocol::Microseconds start);

} // namespace astcti::demo
