// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "daemon/clients/session.hpp"
#include "tests/daemon/clients/session_client.hpp"

using namespace astcti;
using namespace astcti::clients;
using namespace astcti::test;
using accounts::LoginOutcome;

TEST_CASE("an original client is served byte for byte", "[session]") {
    Client client;
    CHECK(client.session.begin().send == "100 CTISERVER WELCOME\n");
    CHECK(client.say("NOOP") == "100 OK\n");
    CHECK(client.say("HELO") == "100 OK\n");
    CHECK(client.say("helo there") == "100 OK\n");
    CHECK(client.say("USER") == "101 ERROR\n");
    CHECK(client.say("USER anna") == "100 OK\n");
    CHECK(client.say("PASS") == "101 ERROR\n");
    auto step = client.session.received("PASS " + md5);
    CHECK(step.send.empty());
    REQUIRE(step.request);
    const auto& login =
        std::get<accounts::Md5Login>(std::get<LoginRequest>(*step.request).credentials);
    CHECK(login.user == "anna");
    CHECK(login.md5 == md5);
    CHECK(client.session.is_waiting());
    step = client.session.login_done(accepted("anna", "SIP/201"));
    CHECK(step.send == "102 OK\n");
    CHECK(client.session.entry() == LoggedIn{1, "anna", "SIP/201", true});
    step = client.session.received("ORIG 203|astctidemo|1");
    REQUIRE(step.request);
    CHECK(std::get<OriginateRequest>(*step.request).number == "203");
    CHECK(client.session.originate_done(true).send == "100 OK\n");
    CHECK(client.say("ORIG 203") == "101 ERROR\n");
    CHECK(client.say("WHATEVER").empty());
    step = client.session.received("QUIT");
    CHECK(step.send == "900 BYE\n");
    CHECK(step.close);
}

TEST_CASE("a number is made fit for the dialplan before it is looked up in the list", "[session]") {
    DialPolicy italian{{{"outside", "_0X."}}, {}};
    italian.numbers.country_code = "39";
    italian.numbers.international_prefix = "00";
    italian.numbers.keep_trunk_prefix = true;
    const bool original = GENERATE(false, true);
    const SessionTable others;
    Session session(1, {"127.0.0.1", "127.0.0.1", true, "anna"}, others, italian);
    for (const auto* line : {original ? "NOOP" : "HELO 2", "USER anna"})
        session.received(line);
    session.received(original ? "PASS " + md5 : "AUTH EXTERNAL");
    session.login_done(accepted("anna", "PJSIP/201"));
    const auto dialled = [&](const std::string& number) -> std::string {
        const auto step = session.received("ORIG " + number + "|outside|1");
        return step.request ? std::get<OriginateRequest>(*step.request).number : "refused";
    };
    CHECK(dialled("+39 06 1234567") == "061234567");
    CHECK(dialled("+44 20 7946 0000") == "00442079460000");
    CHECK(dialled("06 1234567") == "061234567");
    CHECK(dialled("+39 347 1234567") == "refused"); // 347… is not in the list
    CHECK(dialled("0,1,System(x)") == "refused");
    CHECK(dialled("0 1") == "refused");
    CHECK(dialled("+44" + std::string(40, '1')) == "refused");
}

TEST_CASE("a session has all telephones of the account", "[session]") {
    Client client;
    client.say("HELO 2");
    client.session.received("AUTH EXTERNAL");
    auto outcome = accepted("anna", "PJSIP/201");
    outcome.account.devices = {"PJSIP/301", "Local/201@from-queue/n"};
    client.session.login_done(outcome);
    CHECK(client.session.entry() ==
          LoggedIn{1, "anna", "PJSIP/201", false, {"PJSIP/301", "Local/201@from-queue"}});
}

TEST_CASE("the original's holes are closed", "[session]") {
    Client client;
    SECTION("ORIG before login, or for another number") {
        CHECK(client.say("ORIG 203|astctidemo|1") == "101 KO\n");
        CHECK(client.say("USER anna") == "100 OK\n");
        CHECK(client.say("ORIG 203|astctidemo|1") == "101 KO\n");
        client.log_in_original();
        CHECK(client.say("ORIG 303|astctidemo|1") == "101 KO\n");
        CHECK(client.say("ORIG 203|default|1") == "101 KO\n");
        CHECK_FALSE(client.session.received("ORIG 203|astctidemo|2").request);
    }
    SECTION("PASS without USER, or without an MD5") {
        CHECK(client.say("PASS " + md5) == "101 KO\n");
        client.say("USER anna");
        CHECK(client.say("PASS secret") == "101 KO\n");
        CHECK_FALSE(client.session.is_waiting());
    }
    SECTION("a second USER, and one who is logged in") {
        client.log_in_original();
        CHECK(client.say("USER bert") == "101 KO\n");
        CHECK(client.say("PASS " + md5) == "101 KO\n");
        client.others.add({9, "bert", "SIP/202", false});
        Client second;
        second.others = client.others;
        CHECK(second.say("USER bert") == "101 KO\n");
    }
    SECTION("an extension that has an original client already") {
        client.others.add({9, "bert", "SIP/201", true});
        client.say("USER anna");
        client.session.received("PASS " + md5);
        CHECK(client.session.login_done(accepted("anna", "SIP/201")).send == "101 KO\n");
        CHECK_FALSE(client.session.is_logged_in());
    }
    SECTION("a database that is down is KO, as it was") {
        client.say("USER anna");
        client.session.received("PASS " + md5);
        CHECK(client.session.login_done(outcome_of(LoginOutcome::Result::try_later)).send ==
              "101 KO\n");
    }
}

TEST_CASE("a native client says HELO 2 and logs in", "[session]") {
    Client client;
    CHECK(client.say("HELO 2") == "100 OK 2 server=astctid/" ASTCTI_VERSION
                                  " auth=external,plain,token can=calls,ext,orig,rules,token\n");
    auto step = client.session.received("@a AUTH EXTERNAL");
    REQUIRE(step.request);
    CHECK(
        std::get<accounts::LocalLogin>(std::get<LoginRequest>(*step.request).credentials).account ==
        "anna");
    step = client.session.login_done(accepted("anna", "PJSIP/201"));
    CHECK(step.send == "@a 102 OK\n");
    REQUIRE(step.request);
    CHECK(std::holds_alternative<SnapshotRequest>(*step.request));
    CHECK(client.session.entry() == LoggedIn{1, "anna", "PJSIP/201", false});
    step = client.session.received("CALLS");
    CHECK(step.send == "100 OK\n");
    CHECK(std::holds_alternative<SnapshotRequest>(*step.request));
    CHECK(client.say("NOOP") == "100 OK\n");
    CHECK(client.say("QUIT") == "900 BYE\n");
}

TEST_CASE("a later version gets the latest there is", "[session]") {
    Client client;
    CHECK(client.say("HELO 3").starts_with("100 OK 2 "));
}

TEST_CASE("a password comes as RFC 4616 says", "[session]") {
    Client client;
    client.say("HELO 2");
    const auto step = client.session.received("AUTH PLAIN " + plain_anna);
    REQUIRE(step.request);
    const auto& login =
        std::get<accounts::PasswordLogin>(std::get<LoginRequest>(*step.request).credentials);
    CHECK(login.user == "anna");
    CHECK(login.password == "secret");
}

TEST_CASE("what is not RFC 4616 asks for no login", "[session]") {
    Client client;
    client.say("HELO 2");
    const auto arguments = GENERATE(
        as<std::string>{}, "", "PLAIN", "PLAIN ", "PLAIN x", "PLAIN !!!!", "PLAIN YW5uYQ==",
        "PLAIN eABhbm5hAHNlY3JldA==", // another authorization identity
        "PLAIN AABhAA==", "PLAIN AAAA", "PLAIN AGEACgBi", "PLAIN AP8AeA==", "SECRET", "external");
    CAPTURE(arguments);
    const auto step = client.session.received("AUTH " + arguments);
    CHECK(step.send.starts_with("111 MALFORMED"));
    CHECK_FALSE(step.request);
}

TEST_CASE("a password over a network is not taken", "[session]") {
    Client client;
    Session session(1, {"10.0.0.7", "10.0.0.7", false, {}}, client.others, policy);
    session.received("HELO 2");
    const auto step = session.received("AUTH PLAIN " + plain_anna);
    CHECK(step.send.starts_with("114 NOT ALLOWED"));
    CHECK_FALSE(step.request);
}

TEST_CASE("before login there is nothing but login", "[session]") {
    Client client;
    client.say("HELO 2");
    CHECK(client.say("CALLS").starts_with("112 LOGIN FIRST"));
    CHECK(client.say("ORIG 203|astctidemo|1").starts_with("112 LOGIN FIRST"));
    CHECK(client.say("FLY").starts_with("110 UNKNOWN"));
    CHECK(client.say("@! NOOP").starts_with("111 MALFORMED"));
    CHECK(client.say("").starts_with("111 MALFORMED"));
    CHECK(client.say("HELO 2").starts_with("111 MALFORMED"));
    CHECK_FALSE(client.session.is_logged_in());
}

TEST_CASE("a wrong password is refused, and the third one ends the session", "[session]") {
    Client client;
    const bool native = GENERATE(true, false);
    client.say(native ? "HELO 2" : "USER anna");
    for (int i = 1; i <= Session::max_login_failures; ++i) {
        client.session.received(native ? "AUTH EXTERNAL" : "PASS " + md5);
        const auto step = client.session.login_done(outcome_of(LoginOutcome::Result::refused));
        CHECK(step.send == (native ? "113 REFUSED wrong name or password\n" : "101 KO\n"));
        CHECK(step.close == (i == Session::max_login_failures));
        CHECK_FALSE(step.request);
    }
    CHECK_FALSE(client.session.is_logged_in());
}

TEST_CASE("accounts that cannot be read are not a wrong password", "[session]") {
    Client client;
    client.say("HELO 2");
    for (int i = 0; i < 5; ++i) {
        client.session.received("AUTH EXTERNAL");
        const auto step = client.session.login_done(outcome_of(LoginOutcome::Result::try_later));
        CHECK(step.send.starts_with("150 TRY LATER"));
        CHECK_FALSE(step.close);
    }
}

TEST_CASE("who has no account on this connection is refused", "[session]") {
    Client client;
    Session session(1, {"", "local user x", true, {}}, client.others, policy);
    session.received("HELO 2");
    CHECK(session.received("AUTH EXTERNAL").send.starts_with("113 REFUSED"));
}

TEST_CASE("a line that is too long ends a session before login, not after", "[session]") {
    Client client;
    CHECK(client.session.max_line() == protocol::max_line_before_login);
    auto step = client.session.received_too_long();
    CHECK(step.send == "101 ERROR\n");
    CHECK(step.close);
    client.log_in_native();
    CHECK(client.session.max_line() == protocol::max_line_after_login);
    step = client.session.received_too_long();
    CHECK(step.send.starts_with("103 TOO LONG"));
    CHECK_FALSE(step.close);
}

TEST_CASE("dialling follows the configuration and the PBX", "[session]") {
    Client client;
    client.log_in_native();
    CHECK(client.say("@1 ORIG 300&SIP/1|astctidemo|1").starts_with("@1 114 NOT ALLOWED"));
    CHECK(client.say("ORIG x").starts_with("111 MALFORMED"));
    const auto step = client.session.received("@2 ORIG 203|astctidemo|");
    CHECK(step.send.empty());
    CHECK(std::get<OriginateRequest>(*step.request).context == "astctidemo");
    CHECK(client.session.originate_done(false).send.starts_with("@2 115 UNAVAILABLE"));
}

TEST_CASE("who has no extension dials nothing", "[session]") {
    Client client;
    client.say("HELO 2");
    client.session.received("AUTH EXTERNAL");
    client.session.login_done(accepted("erik", ""));
    CHECK(client.say("ORIG 203|astctidemo|1").starts_with("114 NOT ALLOWED"));
}

TEST_CASE("events are numbered in each session", "[session]") {
    Client client;
    client.log_in_native();
    CHECK(client.session.encode(protocol::SnapshotEnd{}, 7) ==
          "<SnapshotEnd seq=\"1\" time=\"7\"/>\n");
    CHECK(client.session.encode(protocol::PbxState{"p", true}, 8) ==
          "<Pbx seq=\"2\" time=\"8\" pbx=\"p\" state=\"up\"/>\n");
}
