// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace astcti::bus {

// `astcti-agent --explain [CALL]`: prints why a call popped up or not, as the agent on the session
// bus tells it: the last call, that with the id, or "all". Throws Glib::Error if there is no
// session bus. Returns the exit status.
int explain(const std::string& call);

} // namespace astcti::bus
