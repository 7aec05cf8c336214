// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "protocol/call.hpp"

#include <string>
#include <vector>

namespace astcti::calls {

// The names of what differs, as in dbus/org.astcti.Agent1.Call.xml, in its order.
std::vector<std::string> changed_properties(const protocol::Call& before,
                                            const protocol::Call& after);

// Id, Pbx and StartTime never change; whatever the server says, `call` keeps
// those of `known`.
void keep_constants(protocol::Call& call, const protocol::Call& known);

} // namespace astcti::calls
