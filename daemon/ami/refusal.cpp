// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ami/refusal.hpp"

#include "daemon/ami/text.hpp"

#include <fmt/format.h>

namespace astcti::ami {

std::string login_refused(std::string_view user, std::string_view message) {
    if (message.find("Already In Use") != message.npos)
        return fmt::format(
            "login refused: user \"{}\" is logged in elsewhere, and manager.conf has "
            "allowmultiplelogin=no: give astctid a user of its own",
            user);
    return fmt::format("login refused for user \"{0}\" ({1}): check the secret, and permit= and "
                       "the section [{0}] in Asterisk's manager.conf, then \"manager reload\"; "
                       "Asterisk's own log says which of them it is",
                       user, clean_text(message));
}

std::string list_refused(std::string_view user, std::string_view message, bool before_1_6) {
    return fmt::format("cannot list the channels ({}): the manager user needs write={}; section "
                       "[{}] of manager.conf is to have read=call,agent,user and write={}",
                       clean_text(message), before_1_6 ? "call" : "reporting", user,
                       before_1_6 ? "call" : "originate,reporting");
}

std::string no_greeting(long seconds) {
    return fmt::format("no answer within {} s of connecting", seconds);
}

} // namespace astcti::ami
