// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/link/client_session.hpp"
#include "protocol/event_writer.hpp"
#include "tests/support/catch.hpp"

using namespace astcti;
using link::ClientSession;
using link::Failure;

namespace {

constexpr const char* welcome = "100 CTISERVER WELCOME";
constexpr const char* hello = "100 OK 2 server=astctid/0.1.0 auth=external,plain";
constexpr const char* hello_by_token = "100 OK 2 server=astctid/0.1.0 auth=plain,token can=TOKEN";

ClientSession external() {
    return ClientSession({"anna", false});
}

ClientSession with_password() {
    return ClientSession({"anna", true});
}

ClientSession with_token(std::string token = "t0ken") {
    return ClientSession({"anna", true, link::Secret(std::move(token))});
}

link::Secret s3cret() {
    return link::Secret("s3cret");
}

std::string event_line(std::uint64_t seq, protocol::EventBody body) {
    std::string line;
    protocol::append_event(line, {seq, 1, std::move(body)});
    line.pop_back();
    return line;
}

protocol::CallEvent ringing() {
    protocol::CallEvent event;
    event.call.id = "pbx1:1.1:201";
    event.call.pbx = "pbx1";
    event.call.uniqueid = "1.1";
    event.call.channel = "PJSIP/201-00000001";
    return event;
}

std::string sent(const ClientSession::Action& action) {
    const auto* send = std::get_if<ClientSession::Send>(&action);
    return send ? send->line : "(nothing)";
}

template <typename T>
bool is(const ClientSession::Action& action) {
    return std::holds_alternative<T>(action);
}

// The failure, which must be one.
ClientSession::Failed failure(const ClientSession::Action& action) {
    REQUIRE(is<ClientSession::Failed>(action));
    return std::get<ClientSession::Failed>(action);
}

ClientSession logged_in() {
    auto session = external();
    session.line(welcome);
    session.line(hello);
    REQUIRE(is<ClientSession::LoggedIn>(session.line("102 OK")));
    return session;
}

ClientSession online() {
    auto session = logged_in();
    session.line(event_line(1, protocol::SnapshotBegin{"1", "anna", "PJSIP/201"}));
    session.line(event_line(2, protocol::SnapshotEnd{}));
    REQUIRE_FALSE(session.is_waiting());
    return session;
}

} // namespace

TEST_CASE("without a password the system tells the server who it is", "[link]") {
    auto session = external();
    CHECK(session.is_waiting());
    CHECK(sent(session.line(welcome)) == "HELO 2\n");
    CHECK(sent(session.line(hello)) == "AUTH EXTERNAL\n");
    CHECK(is<ClientSession::LoggedIn>(session.line("102 OK")));
    CHECK(session.is_waiting());
}

TEST_CASE("a password goes as RFC 4616 says", "[link]") {
    auto session = with_password();
    session.line(welcome);
    CHECK(is<ClientSession::NeedPassword>(session.line(hello)));
    // base64 of NUL anna NUL s3cret
    CHECK(sent(session.password(s3cret())) == "AUTH PLAIN AGFubmEAczNjcmV0\n");
    // It is asked for once.
    CHECK(is<ClientSession::Nothing>(session.password(s3cret())));
}

TEST_CASE("events come out in order, and the end of the snapshot is the end of waiting", "[link]") {
    auto session = logged_in();
    CHECK(is<ClientSession::Received>(
        session.line(event_line(1, protocol::SnapshotBegin{"1", "anna", "PJSIP/201"}))));
    CHECK(session.is_waiting());
    CHECK(is<ClientSession::Received>(session.line(event_line(2, protocol::SnapshotEnd{}))));
    CHECK_FALSE(session.is_waiting());
    const auto action = session.line(event_line(3, ringing()));
    REQUIRE(is<ClientSession::Received>(action));
    CHECK(std::get<ClientSession::Received>(action).event.body == protocol::EventBody(ringing()));
}

TEST_CASE("an event of a later version is skipped and counted", "[link]") {
    auto session = online();
    CHECK(is<ClientSession::Skipped>(session.line(R"(<Recording seq="3" time="1"/>)")));
    CHECK(is<ClientSession::Received>(session.line(event_line(4, ringing()))));
}

TEST_CASE("a server that cannot be talked to is told from one that refuses", "[link]") {
    struct Row {
        std::vector<std::string> lines;
        Failure kind;
        std::string why; // a part of it
    };
    const std::vector<Row> rows{
        {{"HTTP/1.1 400 Bad Request"}, Failure::unsupported, "is not an AstCTI server"},
        {{"Asterisk Call Manager/11.0.0"}, Failure::unsupported, "is not an AstCTI server"},
        {{""}, Failure::unsupported, "is not an AstCTI server"},
        {{"150 TRY LATER"}, Failure::try_later, "does not welcome us"},
        {{"900 BYE"}, Failure::closed, "closed"},
        {{welcome, "100 OK"}, Failure::unsupported, "version 2"},
        {{welcome, "101 ERROR"}, Failure::unsupported, "version 2"},
        {{welcome, "100 OK 3 auth=external"}, Failure::unsupported, "version 2"},
        {{welcome, "<SnapshotEnd/>"}, Failure::protocol, "neither an answer nor an event"},
        {{welcome, "100 OK 2"}, Failure::unsupported, "does not offer the login \"external\""},
        {{welcome, "100 OK 2 auth=plain,externally"}, Failure::unsupported, "--user"},
        {{welcome, hello, "113 REFUSED"}, Failure::refused, "refused the login"},
        {{welcome, hello, "114 NOT ALLOWED"}, Failure::refused, "refused the login"},
        {{welcome, hello, "100 OK"}, Failure::refused, "refused the login"},
        {{welcome, hello, "150 TRY LATER"}, Failure::try_later, "cannot log us in now"},
        {{welcome, hello, "900 BYE"}, Failure::closed, "closed"},
        {{welcome, hello, "\xff\xfe"}, Failure::protocol, "neither an answer nor an event"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.lines);
        auto session = external();
        ClientSession::Action last;
        for (const auto& line : row.lines)
            last = session.line(line);
        CHECK(failure(last).kind == row.kind);
        CHECK_THAT(failure(last).why, Catch::Matchers::Contains(row.why));
        // It is over: nothing more is sent, not even to a server that becomes polite.
        CHECK(is<ClientSession::Nothing>(session.line(welcome)));
    }
}

TEST_CASE("a password is not sent before the server was understood", "[link]") {
    auto session = with_password();
    session.line(welcome);
    const auto action = session.line("100 OK 2 auth=external");
    CHECK(failure(action).kind == Failure::unsupported);
}

TEST_CASE("a name and password that no line can hold are not sent", "[link]") {
    auto session = with_password();
    session.line(welcome);
    session.line(hello);
    const link::Secret password(std::string(400, 'x'));
    CHECK(failure(session.password(password)).kind == Failure::refused);
}

TEST_CASE("rubbish ends the session, as events may be lost", "[link]") {
    const auto line = GENERATE(
        as<std::string>{}, "", "rubbish", "100 OK", "12", std::string("\0\0", 2), "\xff",
        R"(<Ringing seq="3")", R"(<Ringing seq="3" time="1"/>)", R"(<SnapshotEnd time="1"/>)",
        R"(<SnapshotEnd seq="4" time="1"/>)", R"(<SnapshotEnd seq="2" time="1"/>)",
        R"(<!DOCTYPE a [<!ENTITY b "c">]><SnapshotEnd seq="3" time="1"/>)",
        R"(<Pbx seq="3" time="1" pbx="p" state="sideways"/>)",
        "<a>" + std::string(70000, 'x') + "</a>");
    CAPTURE(line.substr(0, 80));
    auto session = online();
    CHECK(failure(session.line(line)).kind == Failure::protocol);
}

TEST_CASE("what a wrong event holds is not repeated, as it may be about a caller", "[link]") {
    auto session = online();
    const auto why = failure(session.line("<peer-number>0612345678</peer-number")).why;
    CHECK_THAT(why, !Catch::Matchers::Contains("0612345678"));
}

TEST_CASE("a sign of life is asked for once logged in, one at a time", "[link]") {
    auto session = external();
    session.line(welcome);
    session.line(hello);
    session.line("102 OK");
    CHECK_FALSE(session.probe());
    session.line(event_line(1, protocol::SnapshotBegin{"1", "anna", "PJSIP/201"}));
    session.line(event_line(2, protocol::SnapshotEnd{}));

    for (int i = 0; i < 2; ++i) {
        CHECK(session.probe() == "NOOP\n");
        CHECK_FALSE(session.probe());
        CHECK(is<ClientSession::Alive>(session.line("100 OK")));
    }
    CHECK(is<ClientSession::Failed>(session.line("100 OK")));
    CHECK_FALSE(session.probe());
}

TEST_CASE("a token goes before the password", "[link]") {
    auto session = with_token();
    session.line(welcome);
    CHECK(sent(session.line(hello_by_token)) == "AUTH TOKEN t0ken\n");

    SECTION("and is enough") {
        const auto action = session.line("102 OK token=next life=600 spread=2");
        REQUIRE(is<ClientSession::LoggedIn>(action));
        const auto& grant = std::get<ClientSession::LoggedIn>(action).grant;
        CHECK(grant.token.view() == "next");
        CHECK(grant.life.count() == 600);
        CHECK(grant.spread == std::chrono::milliseconds(2));
    }
    SECTION("which is asked for on the same connection if the token is refused") {
        CHECK(is<ClientSession::NeedPassword>(session.line("113 REFUSED expired")));
        CHECK(sent(session.password(s3cret())) == "AUTH PLAIN AGFubmEAczNjcmV0\n");
        CHECK(failure(session.line("113 REFUSED wrong")).kind == Failure::refused);
    }
    SECTION("which is not if the server has no time") {
        CHECK(failure(session.line("150 TRY LATER retry=2000")).kind == Failure::try_later);
    }
    SECTION("unless nothing can be said meanwhile") {
        session.line("113 REFUSED expired");
        CHECK(failure(session.line("100 OK")).kind == Failure::protocol);
        CHECK(is<ClientSession::Nothing>(session.password(s3cret())));
    }
}

TEST_CASE("a token that the server does not take, or that fits no line, is not sent", "[link]") {
    auto no_tokens = with_token();
    no_tokens.line(welcome);
    CHECK(is<ClientSession::NeedPassword>(no_tokens.line(hello)));
    auto too_long = with_token(std::string(512, 't'));
    too_long.line(welcome);
    CHECK(is<ClientSession::NeedPassword>(too_long.line(hello_by_token)));
}

TEST_CASE("what a grant does not say, or says wrongly, is not there", "[link]") {
    const auto words = GENERATE(as<std::string>{}, "", " life= spread=", " life=ten spread=-1",
                                " life=99999999999 spread=1.5", " Token=x tokens=y LIFE=1");
    CAPTURE(words);
    auto session = external();
    session.line(welcome);
    session.line(hello);
    const auto action = session.line("102 OK" + words);
    REQUIRE(is<ClientSession::LoggedIn>(action));
    const auto& grant = std::get<ClientSession::LoggedIn>(action).grant;
    CHECK(grant.token.empty());
    CHECK(grant.life.count() == 0);
    CHECK_FALSE(grant.spread);
}

TEST_CASE("when to come back is told with the end", "[link]") {
    using std::chrono::milliseconds;
    auto session = online();
    CHECK(failure(session.line("900 BYE retry=1500")).retry == milliseconds(1500));
    auto without = online();
    CHECK_FALSE(failure(without.line("900 BYE")).retry);
    auto busy = with_token();
    busy.line(welcome);
    busy.line(hello_by_token);
    CHECK(failure(busy.line("150 TRY LATER retry=2000 busy")).retry == milliseconds(2000));
}

TEST_CASE("another token is asked for while online, beside a sign of life", "[link]") {
    auto early = logged_in();
    CHECK_FALSE(early.renew());

    auto session = online();
    CHECK(session.probe() == "NOOP\n");
    CHECK(session.renew() == "TOKEN\n");
    CHECK(session.is_asking());
    CHECK(is<ClientSession::Alive>(session.line("100 OK")));
    const auto action = session.line("100 OK token=next life=600 spread=4");
    REQUIRE(is<ClientSession::Renewed>(action));
    CHECK(std::get<ClientSession::Renewed>(action).grant.token.view() == "next");
    CHECK_FALSE(session.is_asking());
}

TEST_CASE("a server that gives no further token is kept", "[link]") {
    auto session = online();
    session.renew();
    const auto action = session.line("110 UNKNOWN TOKEN");
    REQUIRE(is<ClientSession::Renewed>(action));
    CHECK(std::get<ClientSession::Renewed>(action).grant.token.empty());
}

TEST_CASE("a server is asked for rules if it has the command, and says which it has", "[link]") {
    ClientSession session({"anna", false});
    session.line(welcome);
    session.line("100 OK 2 server=astctid/0.1.0 auth=external can=calls,ext,orig,rules,token");
    CHECK_FALSE(session.ask_rules(""));
    session.line("102 OK");
    session.line(event_line(1, protocol::SnapshotBegin{"e", "anna", ""}));
    session.line(event_line(2, protocol::SnapshotEnd{}));
    REQUIRE(session.offers_rules());
    CHECK(session.ask_rules("") == "RULES\n");
    CHECK(session.ask_rules("1c3f") == "RULES 1c3f\n");
    CHECK(session.is_asking());
    const auto told = [&](const char* answer) {
        const auto action = session.line(answer);
        REQUIRE(is<ClientSession::RulesTold>(action));
        return std::get<ClientSession::RulesTold>(action).list;
    };
    CHECK(told("100 OK rules=0a1b") == "0a1b");
    CHECK_FALSE(told("100 OK"));
    for (const auto* none : {"110 UNKNOWN no such command", "115 UNAVAILABLE rules=0a1b",
                             "100 OK rules=<a>", "100 OK rules="}) {
        CAPTURE(none);
        session.ask_rules("");
        CHECK_FALSE(told(none));
    }
    CHECK_FALSE(session.is_asking());
}

TEST_CASE("an older server is not asked for rules", "[link]") {
    auto session = online();
    CHECK_FALSE(session.offers_rules());
    CHECK_FALSE(session.ask_rules(""));
    CHECK_FALSE(session.is_asking());
}
