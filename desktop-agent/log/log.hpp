// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace astcti::log {

// Makes lines of GLib's log go to stderr as they are, for the journal with their priority.
// Called once by main. Debug lines are shown with `debug`, or if G_MESSAGES_DEBUG says so.
void install(bool debug);

bool shows_debug() noexcept;

// One line, the subject first: `rule "CRM": opened …`. Control characters of whatever came
// from outside are dropped, so a line is always one line.
void warning(std::string_view line);
void message(std::string_view line);
void debug(std::string_view line);

// A caller's number as the log may show it: all but the last three digits are hidden,
// except at debug level.
std::string number(std::string_view number);
std::string masked(std::string_view number);

} // namespace astcti::log
