// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace astcti::bus {

// `astcti-agent --monitor`: prints a line for each call event of the agent on the session
// bus until SIGINT or SIGTERM, for people or in JSON. Calls that are there already come first, as
// their state.
// Throws Glib::Error if there is no session bus. Returns the exit status.
int monitor(bool json);

} // namespace astcti::bus
