// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace astcti::ctl {

// The answers to --help: one for each group of commands, each fits a screen of 24 lines of 80
// columns.
extern const char* const help_of_all;
extern const char* const help_of_user;
extern const char* const help_of_seat;
extern const char* const help_of_db;
extern const char* const help_of_record;
extern const char* const help_of_reload;
extern const char* const help_of_tls;

} // namespace astcti::ctl
