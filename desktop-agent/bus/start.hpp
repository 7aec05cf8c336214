// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace astcti::bus {

// `astcti-agent --autostart`, at login where no target of systemd starts the agent: asks the
// session bus for it, so that it runs in its unit wherever there is one. Throws Glib::Error if
// there is no session bus. Returns the exit status; that it runs already is no failure.
int start();

} // namespace astcti::bus
