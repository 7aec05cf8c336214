// SPDX-License-Identifier: GPL-3.0-or-later
// What a session has besides logging in and dialling: tokens, limits, another telephone.
#include "daemon/clients/session.hpp"
#include "tests/daemon/clients/session_client.hpp"

using namespace astcti;
using namespace astcti::clients;
using namespace astcti::test;
using accounts::LoginOutcome;

namespace {

const Grant grant{"k1.AAAA", std::chrono::seconds(600), std::chrono::milliseconds(1500)};

Session native_over_tls(const SessionTable& others) {
    Session session(1, {"10.0.0.7", "10.0.0.7", true, {}}, others, policy);
    session.received("HELO 2");
    return session;
}

} // namespace

TEST_CASE("a connection says how one may log in there", "[session]") {
    const SessionTable others;
    const auto methods = [&](Peer peer) {
        Session session(1, std::move(peer), others, policy);
        const auto answer = session.received("HELO 2").send;
        const auto at = answer.find(" auth=") + 6;
        return answer.substr(at, answer.find(' ', at) - at);
    };
    CHECK(methods({"", "local user anna", true, "anna"}) == "external,plain,token");
    CHECK(methods({"10.0.0.7", "10.0.0.7", true, {}}) == "plain,token");
    CHECK(methods({"10.0.0.7", "10.0.0.7", false, {}}).empty());
}

TEST_CASE("who logs in with a password is given a token", "[session]") {
    const SessionTable others;
    auto session = native_over_tls(others);
    session.received("@1 AUTH PLAIN " + plain_anna);
    CHECK(session.has_tokens());
    auto outcome = accepted("anna", "PJSIP/201");
    outcome.secret_version = "version";
    CHECK(session.login_done(outcome, grant).send ==
          "@1 102 OK token=k1.AAAA life=600 spread=1500\n");
    CHECK(session.secret_version() == "version");
    const auto step = session.received("@2 TOKEN");
    CHECK(step.send.empty());
    CHECK(std::holds_alternative<TokenRequest>(*step.request));
    CHECK(session.token_done(grant).send == "@2 100 OK token=k1.AAAA life=600 spread=1500\n");
    CHECK(session.token_done({}).send.starts_with("@2 115 UNAVAILABLE"));
    CHECK(session.goodbye(std::chrono::milliseconds(7)) == "900 BYE retry=7\n");
}

TEST_CASE("a token is handed on as it came", "[session]") {
    const SessionTable others;
    auto session = native_over_tls(others);
    const auto step = session.received("AUTH TOKEN k1.AAAA");
    CHECK(step.send.empty());
    CHECK(std::get<TokenLoginRequest>(*step.request).token == "k1.AAAA");
    CHECK(session.is_waiting());
    CHECK(session.login_done(outcome_of(LoginOutcome::Result::refused))
              .send.starts_with("113 REFUSED"));
    SECTION("but not without encryption") {
        Session in_clear(1, {"10.0.0.7", "10.0.0.7", false, {}}, others, policy);
        in_clear.received("HELO 2");
        const auto refused = in_clear.received("AUTH TOKEN k1.AAAA");
        CHECK(refused.send.starts_with("114 NOT ALLOWED"));
        CHECK_FALSE(refused.request);
    }
}

TEST_CASE("peer credentials are as good as a token", "[session]") {
    Client client;
    client.log_in_native();
    CHECK_FALSE(client.session.has_tokens());
    const auto step = client.session.received("TOKEN");
    CHECK(step.send.starts_with("114 NOT ALLOWED"));
    CHECK_FALSE(step.request);
}

TEST_CASE("a login that is put off says for how long, and ends at the third", "[session]") {
    Client client;
    const bool native = GENERATE(true, false);
    client.say(native ? "HELO 2" : "USER anna");
    for (int i = 1; i <= Session::max_login_failures; ++i) {
        client.session.received(native ? "AUTH PLAIN " + plain_anna : "PASS " + md5);
        const auto step = client.session.login_put_off(std::chrono::milliseconds(2000), "too many");
        CHECK(step.send == (native ? "150 TRY LATER retry=2000 too many\n" : "101 KO\n"));
        CHECK(step.close == (i == Session::max_login_failures));
        CHECK_FALSE(client.session.is_waiting());
    }
}

TEST_CASE("who dials too often is told when the next may be", "[session]") {
    Client client;
    client.log_in_native();
    client.session.received("@1 ORIG 203|astctidemo|1");
    CHECK(client.session.originate_put_off(std::chrono::milliseconds(9000))
              .send.starts_with("@1 116 TOO FAST retry=9000 "));
    Client original;
    original.log_in_original();
    CHECK(original.session.originate_put_off(std::chrono::milliseconds(1)).send == "101 KO\n");
}

TEST_CASE("a session takes another telephone", "[session]") {
    using Answer = Session::ExtensionAnswer;
    Client client;
    client.say("HELO 2");
    CHECK(client.say("EXT PJSIP/301").starts_with("112 LOGIN FIRST"));
    client.session.received("AUTH EXTERNAL");
    auto outcome = accepted("anna", "PJSIP/201");
    outcome.account.dial = "Local/201@from-internal";
    client.session.login_done(outcome);
    CHECK(client.say("EXT").starts_with("111 MALFORMED"));
    CHECK(client.say("EXT a b").starts_with("111 MALFORMED"));
    auto step = client.session.received("@1 EXT PJSIP/301");
    CHECK(std::get<ExtensionRequest>(*step.request).device == "PJSIP/301");
    CHECK(client.session.is_waiting());
    SECTION("if it may") {
        step = client.session.extension_done(Answer::allowed, "PJSIP/301");
        CHECK(step.send == "@1 100 OK extension=PJSIP/301\n");
        CHECK(std::holds_alternative<SnapshotRequest>(*step.request));
        CHECK(client.session.entry().extension == "PJSIP/301");
        CHECK(client.session.entry().dial.empty());
    }
    SECTION("else it keeps what it has") {
        CHECK(client.session.extension_done(Answer::refused, "PJSIP/301")
                  .send.starts_with("@1 114 NOT ALLOWED"));
        CHECK(client.session.entry().extension == "PJSIP/201");
        CHECK(client.session.entry().dial == "Local/201@from-internal");
    }
    SECTION("and if nobody knows, as well") {
        CHECK(client.session.extension_done(Answer::try_later, "PJSIP/301")
                  .send.starts_with("@1 150 TRY LATER"));
        CHECK(client.session.entry().extension == "PJSIP/201");
    }
    CHECK_FALSE(client.session.is_waiting());
}

TEST_CASE("after lost events the epoch is another one", "[session]") {
    Client client;
    CHECK(client.session.epoch("7") == "7");
    client.session.lost_events();
    CHECK(client.session.epoch("7") == "7.1");
    client.session.lost_events();
    CHECK(client.session.epoch("7") == "7.2");
}

TEST_CASE("an original client that is silent keeps nobody out", "[session]") {
    Client client;
    client.others.add({9, "anna", "SIP/201", true});
    CHECK(client.say("USER anna") == "101 KO\n");
    client.others.set_silent(9, true);
    CHECK(client.say("USER anna") == "100 OK\n");
    client.session.received("PASS " + md5);
    CHECK(client.session.login_done(accepted("anna", "SIP/201")).send == "102 OK\n");
    CHECK(client.others.silent_originals_at("SIP/201") == std::vector<SessionId>{9});
    CHECK(client.others.silent_originals_at("SIP/202").empty());
    client.others.set_silent(9, false);
    CHECK(client.others.has_original_at("SIP/201"));
}

TEST_CASE("rules are told to who asks for them, once each", "[session]") {
    const SessionTable others;
    auto session = native_over_tls(others);
    CHECK(session.received("RULES").send.starts_with("112 LOGIN FIRST"));
    session.received("AUTH PLAIN " + plain_anna);
    session.login_done(accepted("anna", "PJSIP/201"), grant);
    CHECK_FALSE(session.wants_rules());

    auto step = session.received("@1 RULES");
    CHECK(step.send.empty());
    REQUIRE(step.request);
    CHECK(std::holds_alternative<RulesRequest>(*step.request));
    CHECK(session.wants_rules());
    CHECK(session.told_rules().empty());
    CHECK(session.rules_done("1c3f").send == "@1 100 OK rules=1c3f\n");
    CHECK(session.rules_done("").send == "@1 100 OK\n");
    session.set_told_rules("1c3f");

    step = session.received("rules 0a1b");
    CHECK(std::holds_alternative<RulesRequest>(*step.request));
    CHECK(session.told_rules() == "0a1b");
}

TEST_CASE("what is no id of a list asks for no rules", "[session]") {
    const SessionTable others;
    auto session = native_over_tls(others);
    session.received("AUTH PLAIN " + plain_anna);
    session.login_done(accepted("anna", "PJSIP/201"), grant);
    for (const std::string& id : {std::string("a b"), std::string("<a>"), std::string(65, 'a')}) {
        CAPTURE(id);
        const auto step = session.received("RULES " + id);
        CHECK(step.send.starts_with("111 MALFORMED"));
        CHECK_FALSE(step.request);
    }
    CHECK_FALSE(session.wants_rules());
}
