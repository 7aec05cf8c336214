// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace astcti::ami {

// What a person has to mend when Asterisk says no, by the Message of its response. Seen on
// Asterisk 16.28 and 22.10, read in main/manager.c of 1.4 to 13:
//   "Authentication failed"  a wrong secret, a user that is not there, and an address that
//                            deny=, permit= or acl= keeps out are all told so, in all versions
//   "Login Already In Use"   allowmultiplelogin=no, from 1.6 on
//   "Permission denied"      a class of read= or write= is missing; also before a login
//   (no answer at all)       the port wants TLS, and waits for our first word
//   (closed at once)         authlimit= connections have not logged in yet
// A user without any class logs in well, and is told so at the first action.
std::string login_refused(std::string_view user, std::string_view message);
// To the question for the channels. `before_1_6`: Asterisk does not know CoreShowChannels.
std::string list_refused(std::string_view user, std::string_view message, bool before_1_6);
// Nothing came within the deadline after the connection was there; the client, which knows
// whether it speaks TLS, says more.
std::string no_greeting(long seconds);

} // namespace astcti::ami
