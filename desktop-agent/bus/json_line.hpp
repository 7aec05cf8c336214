// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "desktop-agent/bus/call_properties.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace astcti::bus {

// A line of `astcti-agent --monitor --json`, without its end:
// {"event": "changed", "changed": ["State"], "call": {"Id": "pbx1:1.1:201", …}}
// with every property by its name on D-Bus. `event` is present, added, changed or removed; only
// `changed` has the names of what changed.
std::string json_line(std::string_view event, const std::vector<Glib::ustring>& changed,
                      const Properties& call);

} // namespace astcti::bus
