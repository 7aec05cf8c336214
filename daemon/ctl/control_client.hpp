// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace astcti::ctl {

// A daemon that is there answers at once; a whole recording takes a second.
inline constexpr auto control_timeout = std::chrono::seconds(30);
inline constexpr std::size_t max_control_answer = 64U << 20U;

// Sends one line to astctid's control socket and returns the bytes of its answer. Throws
// std::runtime_error, which says what to do, also if astctid says no.
std::string ask_daemon(const std::string& path, const std::string& line);

} // namespace astcti::ctl
