// SPDX-License-Identifier: GPL-3.0-or-later
// Which channels are one person's call: whole calls as Asterisk 22 (or 1.8, for what only
// old ones do) tells of them.
#include "tests/support/desk_call.hpp"

using namespace astcti;
using test::annas;
using test::Channel;
using test::check;
using test::desks;
using test::Pbx;
using test::Two;
using test::Version;

TEST_CASE("the telephones of one person ring for one call", "[routing]") {
    Two call;
    auto& pbx = call.pbx;
    auto mobile = call.begin_with_mobile();
    const auto how =
        GENERATE(as<std::string>{}, "the first answers", "the second answers", "nobody does");
    CAPTURE(how);
    if (how == "the first answers") {
        pbx.answer(call.customer, call.anna);
        pbx.hang_up(mobile, 26);
    }
    if (how == "the second answers") {
        pbx.answer(call.customer, mobile);
        pbx.hang_up(call.anna, 26);
        call.anna = mobile;
    }
    if (how == "nobody does") {
        pbx.hang_up(mobile, 0);
        pbx.dial_ends(call.customer, call.anna, "NOANSWER");
    }
    call.hang_up();
    const bool answered = how != "nobody does";
    check(pbx, "anna 1 Ringing" + annas + (answered ? "\nanna 1 Answered" + annas : "") +
                   "\nanna 1 Ended" + annas + (answered ? " reason normal" : " reason no-answer") +
                   " cause 16\n");
}

TEST_CASE("two people at one telephone are told of the same call, each as his own", "[routing]") {
    Two call;
    call.begin();
    call.hang_up();
    check(call.pbx,
          "anna 1 Ringing" + annas + "\ncarl 1 Ringing" + annas + "\nanna 1 Ended" + annas +
              " reason cancelled cause 16\ncarl 1 Ended" + annas + " reason cancelled cause 16\n",
          {{"anna", {"PJSIP/201"}}, {"carl", {"SIP/9", "PJSIP/201"}}});
}

TEST_CASE("a member of a queue that is a Local channel is a device", "[routing]") {
    Pbx pbx;
    auto customer = pbx.channel("PJSIP/trunk", "0612", "ACME", "100");
    auto [near, far] = pbx.local("Local/201@from-queue");
    pbx.calls(customer);
    pbx.join(customer, "sales");
    pbx.begin(near);
    pbx.begin(far);
    pbx.dial(customer, near, "sales");
    pbx.state(near, "Ringing");
    pbx.state(far, "Up"); // is in the dialplan, and nobody's telephone
    pbx.dial_ends(customer, near, "NOANSWER");
    pbx.hang_up(near);
    pbx.hang_up(far);
    pbx.hang_up(customer);
    check(pbx, R"(anna 1 Ringing inbound 0612 "ACME" called 100 context demo queue sales
anna 1 Ended inbound 0612 "ACME" called 100 context demo queue sales reason no-answer cause 16
)",
          {{"anna", {"PJSIP/201", "Local/201@from-queue/n"}}});
}

TEST_CASE("an agent of a pool never rings: callers come and go", "[routing]") {
    Two call;
    auto& pbx = call.pbx;
    auto& agent = call.anna;
    agent.exten = "99";
    pbx.calls(agent);
    pbx.event("AgentLogin", pbx.about(agent));
    pbx.state(agent, "Up");
    pbx.enter(agent, "waiting", "holding_bridge");
    pbx.calls(call.customer);
    pbx.state(call.customer, "Up");
    pbx.leave(agent);
    pbx.connect(call.customer, agent);
    pbx.disconnect(call.customer, agent);
    pbx.enter(agent, "waiting", "holding_bridge");
    pbx.hang_up(call.customer);
    pbx.hang_up(agent);
    check(pbx, R"(anna 1 Dialing outbound 99 "" called 99 context demo own 201 "Anna"
anna 1 Answered outbound 99 "" called 99 context demo own 201 "Anna"
anna 1 Peer outbound - "" called 99 context demo own 201 "Anna"
anna 1 Peer inbound 0612 "ACME" called 201 context demo own 201 "Anna"
anna 1 Peer inbound - "" context demo own 201 "Anna"
anna 1 Ended inbound - "" context demo own 201 "Anna" reason normal cause 16
)",
          {{"anna", {"PJSIP/201"}}});
}

TEST_CASE("who picks a ringing call up is called", "[routing]") {
    Two call;
    auto& pbx = call.pbx;
    call.begin();
    auto bert = pbx.channel("PJSIP/202", "202", "Bert", "*8");
    pbx.calls(bert);
    auto headers = pbx.about(bert);
    for (const auto& [key, value] : pbx.about(call.anna, "Target"))
        headers.emplace_back(key, value);
    pbx.event("Pickup", headers);
    pbx.state(bert, "Up");
    pbx.state(call.customer, "Up");
    pbx.connect(call.customer, bert);
    pbx.hang_up(call.anna, 26);
    pbx.hang_up(bert);
    pbx.hang_up(call.customer);
    check(pbx, "anna 1 Ringing" + annas + R"(
bert 1 Dialing outbound *8 "" called *8 context demo own 202 "Bert"
bert 1 Peer inbound - "" context demo own 202 "Bert"
bert 1 Answered inbound - "" context demo own 202 "Bert"
bert 1 Peer inbound 0612 "ACME" called 201 context demo own 202 "Bert"
anna 1 Ended)" + annas +
                   R"( reason answered-elsewhere cause 26
bert 1 Ended inbound 0612 "ACME" called 201 context demo own 202 "Bert" reason normal cause 16
)");
}

TEST_CASE("a telephone whose channel another one takes over is out of the call, for good",
          "[routing]") {
    Two call(Version::v1_8);
    auto& pbx = call.pbx;
    const test::Accounts people{{"anna", {"SIP/201", "SIP/211"}}, {"bert", {"SIP/202"}}};
    call.begin();
    SECTION("though another telephone of hers rang before") {
        auto mobile = pbx.channel("SIP/211", "201", "Anna");
        pbx.begin(mobile);
        pbx.dial(call.customer, mobile);
        pbx.state(mobile, "Ringing");
        pbx.hang_up(mobile);
        pbx.rename(call.anna, "SIP/299-1");
        call.hang_up();
        check(pbx,
              "anna 1 Ringing" + annas + "\nanna 1 Ended" + annas +
                  " reason answered-elsewhere cause 0\n",
              people);
    }
    SECTION("though it comes back") {
        const auto name = call.anna.name;
        pbx.rename(call.anna, "SIP/202-9");
        pbx.rename(call.anna, name);
        pbx.state(call.anna, "Up");
        call.hang_up();
        check(pbx,
              "anna 1 Ringing" + annas + "\nanna 1 Ended" + annas +
                  " reason answered-elsewhere cause 0\n" + "bert 1 Ringing" + annas +
                  "\nbert 1 Ended" + annas + " reason answered-elsewhere cause 0\n",
              people);
    }
    SECTION("while another telephone of hers goes on ringing") {
        auto mobile = pbx.channel("SIP/211", "201", "Anna");
        pbx.begin(mobile);
        pbx.dial(call.customer, mobile);
        pbx.state(mobile, "Ringing");
        pbx.rename(call.anna, "SIP/299-1");
        pbx.hang_up(mobile);
        call.hang_up();
        check(pbx,
              "anna 1 Ringing" + annas + "\nanna 1 Ended" + annas + " reason cancelled cause 16\n",
              people);
    }
}

TEST_CASE("a call that rings at the other end does so, whatever channel it is on by now",
          "[routing]") {
    Pbx pbx(Version::v1_8);
    auto bert = pbx.channel("SIP/202", "202", "Bert", "0612");
    auto customer = pbx.channel("SIP/trunk", "0612", "ACME");
    pbx.calls(bert);
    pbx.begin(customer);
    pbx.dial(bert, customer);
    pbx.state(customer, "Ringing");
    auto other = pbx.channel("SIP/299", "299", "Nobody");
    pbx.begin(other);
    pbx.masquerade(other, bert);
    pbx.state(other, "Down");
    pbx.hang_up(other);
    pbx.hang_up(customer);
    const auto lines = test::told({{"bert", {"SIP/202"}}}, pbx.take()).lines;
    const auto alerting = lines.find("bert 1 Alerting");
    REQUIRE(alerting != std::string::npos);
    CHECK(lines.find("Dialing", alerting) == std::string::npos);
    CHECK(lines.find("bert 1 Ended") != std::string::npos);
}

TEST_CASE("of the telephones of one call the one that talked tells how it ended", "[routing]") {
    Two call;
    auto& pbx = call.pbx;
    auto mobile = call.begin_with_mobile();
    pbx.answer(call.customer, call.anna);
    pbx.hang_up(call.anna, 16);
    pbx.hang_up(mobile, 26);
    pbx.hang_up(call.customer);
    check(pbx, "anna 1 Ringing" + annas + "\nanna 1 Answered" + annas + "\nanna 1 Ended" + annas +
                   " reason normal cause 16\n");
}

TEST_CASE("a telephone whose end was not true goes on in its call", "[routing]") {
    Two call;
    auto& pbx = call.pbx;
    auto mobile = call.begin_with_mobile();
    auto untrue = mobile;
    pbx.hang_up(untrue);
    pbx.list({&call.customer, &call.anna, &mobile});
    pbx.list({&call.customer, &call.anna, &mobile});
    pbx.answer(call.customer, mobile);
    pbx.hang_up(call.anna, 26);
    pbx.hang_up(mobile);
    pbx.hang_up(call.customer);
    check(pbx, "anna 1 Ringing" + annas + "\nanna 1 Answered" + annas + "\nanna 1 Ended" + annas +
                   " reason normal cause 16\n");
}
