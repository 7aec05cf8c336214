// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace astcti::launch {

// Of a program's name in that of its scope, in bytes: systemd takes no unit's name of more than
// 255, and one byte may become four.
inline constexpr std::size_t max_scope_program = 56;

// The name of the systemd scope of a process that the agent started, as the desktops name theirs
// (systemd.io/DESKTOP_ENVIRONMENTS: app-LAUNCHER-APPLICATION-NUMBER.scope). `program` is an
// absolute path, or a .desktop file's id.
std::string scope_name(std::string_view program, int pid);

} // namespace astcti::launch
