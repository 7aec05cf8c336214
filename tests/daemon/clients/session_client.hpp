// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/clients/session.hpp"
#include "tests/support/catch.hpp"

#include <string>
#include <string_view>

namespace astcti::test {

using namespace clients;
using accounts::LoginOutcome;

inline const DialPolicy policy{{{"astctidemo", "_2XX"}}};

inline LoginOutcome accepted(const std::string& user, const std::string& extension) {
    LoginOutcome outcome;
    outcome.result = LoginOutcome::Result::accepted;
    outcome.account.user = user;
    outcome.account.extension = extension;
    return outcome;
}

inline LoginOutcome outcome_of(LoginOutcome::Result result) {
    LoginOutcome outcome;
    outcome.result = result;
    return outcome;
}

inline const std::string md5 = "098f6bcd4621d373cade4e832627b4f6"; // of "test"
inline const std::string plain_anna = "AGFubmEAc2VjcmV0";          // NUL anna NUL secret

struct Client {
    SessionTable others;
    Peer peer{"", "local user anna", true, "anna"};
    Session session{1, peer, others, policy};

    std::string say(std::string_view line) { return session.received(line).send; }

    void log_in_native() {
        say("HELO 2");
        session.received("AUTH EXTERNAL");
        session.login_done(accepted("anna", "PJSIP/201"));
    }

    void log_in_original() {
        say("USER anna");
        session.received("PASS " + md5);
        session.login_done(accepted("anna", "SIP/201"));
    }
};

} // namespace astcti::test
