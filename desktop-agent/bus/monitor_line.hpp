// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "desktop-agent/bus/call_properties.hpp"

#include <string>

namespace astcti::bus {

// What `astcti-agent --monitor` prints of a call, without the line end:
// `ringing: 202 "Demo 202" calldata 12345 queue astcti context astctidemo id pbx1:1.1:201`.
// `withheld` stands in the place of number and name, `internal` after them.
// Parts without a value are left out; control characters are never printed.
std::string monitor_line(const Properties& call);

} // namespace astcti::bus
