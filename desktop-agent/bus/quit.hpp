// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace astcti::bus {

// `astcti-agent --quit`: asks the running agent to end and waits until it is gone. Returns
// the exit status; that none was running is no failure. Throws Glib::Error if there is no
// session bus.
int quit();

} // namespace astcti::bus
