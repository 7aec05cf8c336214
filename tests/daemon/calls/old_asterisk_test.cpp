// SPDX-License-Identifier: GPL-3.0-or-later
// Whole calls as Asterisk 1.4 to 11 tell of them, and what the desks are told.
#include "tests/support/catch.hpp"
#include "tests/support/pbx.hpp"
#include "tests/support/told.hpp"

using namespace astcti;
using test::Channel;
using test::Pbx;
using test::Version;

namespace {

const test::Accounts desks{{"anna", {"SIP/201"}}, {"bert", {"SIP/202"}}, {"carl", {"SIP/200"}}};

std::string name_of(Version version) {
    constexpr const char* names[] = {"1.4", "1.6", "1.8", "11", "22"};
    return names[static_cast<std::size_t>(version)];
}

void check(Pbx& pbx, const std::string& expected, const test::Accounts& accounts = desks) {
    const auto told = test::told(accounts, pbx.take());
    CHECK(told.lines == expected);
    CHECK(told.left == 0);
}

bool tells_exten_at_once(Version version) {
    return version == Version::v1_8 || version == Version::v11;
}

} // namespace

TEST_CASE("a direct call is told by every old version, whatever the technology", "[calls]") {
    const auto version = GENERATE(Version::v1_4, Version::v1_6, Version::v1_8, Version::v11);
    CAPTURE(name_of(version));
    const auto [trunk, desk] = GENERATE(table<std::string, std::string>(
        {{"SIP/trunk", "SIP/201"}, {"DAHDI/1", "IAX2/anna"}, {"IAX2/prov", "DAHDI/2"}}));
    Pbx pbx(version);
    auto customer = pbx.channel(trunk, "0612", "ACME", "201");
    auto anna = pbx.channel(desk, "201", "Anna");
    anna.name = desk + "-1"; // DAHDI/2-1, IAX2/anna-5831
    pbx.calls(customer);
    pbx.answered_call(customer, anna);
    pbx.disconnect(customer, anna);
    pbx.hang_up(anna);
    pbx.hang_up(customer);
    const std::string call = R"( inbound 0612 "ACME" called 201 context demo own 201 "Anna")";
    check(pbx,
          "anna 1 Ringing" + call + "\nanna 1 Answered" + call + "\nanna 1 Ended" + call +
              " reason normal cause 16\n",
          {{"anna", {desk}}, {"bert", {"SIP/20"}}});
}

TEST_CASE("a call from desk to desk is told to both by every old version", "[calls]") {
    const auto version = GENERATE(Version::v1_4, Version::v1_6, Version::v1_8, Version::v11);
    CAPTURE(name_of(version));
    Pbx pbx(version);
    auto bert = pbx.channel("SIP/202", "202", "Bert", "201");
    auto anna = pbx.channel("SIP/201", "201", "Anna");
    pbx.calls(bert);
    pbx.answered_call(bert, anna);
    pbx.disconnect(bert, anna);
    pbx.hang_up(anna);
    pbx.hang_up(bert);
    const std::string at_first =
        tells_exten_at_once(version)
            ? R"(bert 1 Dialing outbound 201 "" called 201 context demo own 202 "Bert"
)"
            : R"(bert 1 Dialing outbound - "" own 202 "Bert"
bert 1 Peer outbound 201 "" called 201 context demo own 202 "Bert"
)";
    check(pbx, at_first +
                   R"(bert 1 Alerting outbound 201 "" called 201 context demo own 202 "Bert"
anna 1 Ringing inbound 202 "Bert" called 201 context demo own 201 "Anna" internal
anna 1 Answered inbound 202 "Bert" called 201 context demo own 201 "Anna" internal
bert 1 Answered outbound 201 "Anna" called 201 context demo own 202 "Bert" internal
anna 1 Ended inbound 202 "Bert" called 201 context demo own 201 "Anna" internal reason normal cause 16
bert 1 Ended outbound 201 "Anna" called 201 context demo own 202 "Bert" internal reason normal cause 16
)");
}

TEST_CASE("a queue's caller is told to all members by every old version", "[calls]") {
    const auto version = GENERATE(Version::v1_4, Version::v1_6, Version::v1_8, Version::v11);
    CAPTURE(name_of(version));
    Pbx pbx(version);
    auto customer = pbx.channel("SIP/trunk", "0612", "ACME", "100");
    auto anna = pbx.channel("SIP/201", "201", "Anna");
    auto bert = pbx.channel("SIP/202", "202", "Bert");
    pbx.calls(customer);
    pbx.state(customer, "Up");
    pbx.set(customer, "12345");
    pbx.join(customer, "support");
    for (auto* desk : {&anna, &bert}) {
        pbx.begin(*desk);
        pbx.dial(customer, *desk, "support");
        pbx.state(*desk, "Ringing");
    }
    pbx.state(bert, "Up");
    pbx.hang_up(anna, 0);
    pbx.connect(customer, bert);
    pbx.disconnect(customer, bert);
    pbx.hang_up(bert);
    pbx.hang_up(customer);
    const std::string call =
        R"( inbound 0612 "ACME" called 100 context demo queue support calldata 12345 own )";
    check(pbx, "anna 1 Ringing" + call + "201 \"Anna\"\nbert 1 Ringing" + call +
                   "202 \"Bert\"\nbert 1 Answered" + call + "202 \"Bert\"\nanna 1 Ended" + call +
                   "201 \"Anna\" reason answered-elsewhere cause 0\nbert 1 Ended" + call +
                   "202 \"Bert\" reason normal cause 16\n");
}

TEST_CASE("a queue's member may be a Local channel in every old version", "[calls]") {
    const auto version = GENERATE(Version::v1_4, Version::v1_6, Version::v1_8, Version::v11);
    CAPTURE(name_of(version));
    Pbx pbx(version);
    auto customer = pbx.channel("SIP/trunk", "0612", "ACME", "100");
    auto [near, far] = pbx.local("Local/201@from-queue");
    auto anna = pbx.channel("SIP/201", "201", "Anna");
    pbx.calls(customer);
    pbx.state(customer, "Up");
    pbx.set(customer, "12345");
    pbx.join(customer, "support");
    pbx.begin(near);
    pbx.begin(far, "Ring");
    pbx.dial(customer, near, "support");
    far.number = near.number, far.person = near.person;
    pbx.begin(anna);
    pbx.dial(far, anna);
    pbx.state(anna, "Ringing");
    pbx.state(near, "Ringing");
    pbx.state(anna, "Up");
    pbx.state(far, "Up");
    pbx.connect(far, anna);
    pbx.state(near, "Up");
    pbx.connect(customer, near);
    pbx.disconnect(customer, near);
    pbx.disconnect(far, anna);
    pbx.hang_up(anna);
    pbx.hang_up(far);
    pbx.hang_up(near);
    pbx.hang_up(customer);
    const std::string call = R"( inbound 0612 "ACME" called 100 context demo queue support)"
                             R"( calldata 12345 own 201 "Anna")";
    check(pbx, "anna 1 Ringing" + call + "\nanna 1 Answered" + call + "\nanna 1 Ended" + call +
                   " reason normal cause 16\n");
}

TEST_CASE("what the caller typed is told in the way of each old version", "[calls]") {
    const auto version = GENERATE(Version::v1_4, Version::v1_6, Version::v1_8, Version::v11);
    CAPTURE(name_of(version));
    Pbx pbx(version);
    auto customer = pbx.channel("SIP/trunk", "0612", "ACME", "300");
    auto anna = pbx.channel("SIP/201", "201", "Anna");
    pbx.calls(customer);
    pbx.state(customer, "Up");
    pbx.set(customer, "12345");
    pbx.answered_call(customer, anna);
    pbx.disconnect(customer, anna);
    pbx.hang_up(customer);
    pbx.hang_up(anna);
    const std::string call =
        R"( inbound 0612 "ACME" called 300 context demo calldata 12345 own 201 "Anna")";
    check(pbx, "anna 1 Ringing" + call + "\nanna 1 Answered" + call + "\nanna 1 Ended" + call +
                   " reason normal cause 16\n");
}

TEST_CASE("a literal Set is believed only where nothing better tells a variable", "[calls]") {
    const auto version = GENERATE(Version::v1_6, Version::v1_8, Version::v11, Version::v22);
    CAPTURE(name_of(version));
    Pbx pbx(version);
    auto customer = pbx.channel(pbx.technology() + "trunk", "0612", "ACME", "300");
    auto anna = pbx.channel(pbx.technology() + "201", "201", "Anna");
    pbx.calls(customer);
    pbx.state(customer, "Up");
    pbx.event("VarSet", {{"Channel", customer.name},
                         {"Uniqueid", customer.uniqueid},
                         {"Variable", "other"},
                         {"Value", "1"}});
    pbx.step(customer, "Set", "calldata=forged");
    pbx.begin(anna);
    pbx.dial(customer, anna);
    pbx.state(anna, "Ringing");
    const auto told = test::told({{"anna", {pbx.technology() + "201"}}}, pbx.take());
    CHECK(told.lines ==
          "anna 1 Ringing inbound 0612 \"ACME\" called 300 context demo own 201 \"Anna\"\n");
}

TEST_CASE("a call that nobody takes is told by every old version", "[calls]") {
    const auto version = GENERATE(Version::v1_4, Version::v1_6, Version::v1_8, Version::v11);
    CAPTURE(name_of(version));
    Pbx pbx(version);
    auto customer = pbx.channel("SIP/trunk", "0612", "ACME", "201");
    auto anna = pbx.channel("SIP/201", "201", "Anna");
    pbx.calls(customer);
    pbx.begin(anna);
    pbx.dial(customer, anna);
    pbx.state(anna, "Ringing");
    std::string end;
    const auto how = GENERATE(as<std::string>{}, "busy", "not answered, and so is the cause",
                              "not answered, and that is told before the end", "given up");
    CAPTURE(how);
    if (how == "busy") {
        pbx.hang_up(anna, 17);
        pbx.dial_ends(customer, anna, "BUSY");
        end = "busy cause 17";
    }
    if (how == "not answered, and so is the cause") {
        pbx.hang_up(anna, 19);
        pbx.dial_ends(customer, anna, "NOANSWER");
        end = "no-answer cause 19";
    }
    if (how == "not answered, and that is told before the end") {
        // 1.4 does not tell how a dial ends.
        const bool tells = version != Version::v1_4;
        if (tells)
            pbx.dial_ends(customer, anna, "NOANSWER");
        pbx.hang_up(anna, 0);
        end = tells ? "no-answer cause 0" : "cancelled cause 0";
    }
    if (how == "given up") {
        pbx.hang_up(anna, 16);
        end = "cancelled cause 16";
    }
    pbx.hang_up(customer, 16);
    const std::string call = R"( inbound 0612 "ACME" called 201 context demo own 201 "Anna")";
    check(pbx, "anna 1 Ringing" + call + "\nanna 1 Ended" + call + " reason " + end + "\n");
}

TEST_CASE("who brings two others together by a masquerade is out, they go on", "[calls]") {
    const auto version = GENERATE(Version::v1_4, Version::v1_6, Version::v1_8, Version::v11);
    CAPTURE(name_of(version));
    const bool tells_transfer = GENERATE(true, false); // chan_sip of 1.6 to 11 does
    Pbx pbx(version);
    auto customer = pbx.channel("SIP/trunk", "0612", "ACME", "201");
    auto anna = pbx.channel("SIP/201", "201", "Anna");
    pbx.calls(customer);
    pbx.answered_call(customer, anna);
    auto second = pbx.channel("SIP/201", "201", "Anna", "200");
    auto carl = pbx.channel("SIP/200", "200", "Carl");
    pbx.calls(second);
    pbx.answered_call(second, carl);
    if (tells_transfer)
        pbx.event("Transfer", {{"TransferMethod", "SIP"},
                               {"TransferType", "Attended"},
                               {"Channel", anna.name},
                               {"Uniqueid", anna.uniqueid},
                               {"TargetChannel", second.name},
                               {"TargetUniqueid", second.uniqueid}});
    pbx.disconnect(customer, anna);
    pbx.disconnect(second, carl);
    pbx.masquerade(second, customer);
    pbx.connect(second, carl);
    pbx.hang_up(customer);
    pbx.hang_up(anna);
    pbx.disconnect(second, carl);
    pbx.hang_up(second);
    pbx.hang_up(carl);
    const std::string own = R"( own 201 "Anna")";
    const std::string first = R"( inbound 0612 "ACME" called 201 context demo)" + own;
    const std::string to_carl = R"( outbound 200 "" called 200 context demo)" + own + "\n";
    const std::string with_carl = R"( outbound 200 "Carl" called 200 context demo)" + own;
    const std::string carls = R"( called 200 context demo own 200 "Carl")";
    check(pbx,
          "anna 1 Ringing" + first + "\nanna 1 Answered" + first + "\n" +
              (tells_exten_at_once(version)
                   ? "anna 2 Dialing" + to_carl
                   : "anna 2 Dialing outbound - \"\"" + own + "\nanna 2 Peer" + to_carl) +
              "anna 2 Alerting" + to_carl + "carl 1 Ringing inbound 201 \"Anna\"" + carls +
              " internal\ncarl 1 Answered inbound 201 \"Anna\"" + carls +
              " internal\nanna 2 Answered" + with_carl + " internal\nanna 2 Ended" + with_carl +
              " internal reason transferred cause 0\ncarl 1 Peer inbound 0612 \"ACME\"" + carls +
              "\nanna 1 Ended" + first + " reason " + (tells_transfer ? "transferred" : "normal") +
              " cause 16\ncarl 1 Ended inbound 0612 \"ACME\"" + carls +
              " reason normal cause 16\n");
}

TEST_CASE("the call of a desk whose channel another takes goes on with that one", "[calls]") {
    const auto version = GENERATE(Version::v1_4, Version::v1_6, Version::v1_8, Version::v11);
    CAPTURE(name_of(version));
    Pbx pbx(version);
    auto bert = pbx.channel("SIP/202", "202", "Bert", "201");
    auto anna = pbx.channel("SIP/201", "201", "Anna");
    pbx.calls(bert);
    pbx.answered_call(bert, anna);
    auto second = pbx.channel("SIP/201", "201", "Anna", "200");
    auto carl = pbx.channel("SIP/200", "200", "Carl");
    pbx.calls(second);
    pbx.answered_call(second, carl);
    pbx.disconnect(bert, anna);
    pbx.disconnect(second, carl);
    pbx.masquerade(second, bert);
    pbx.connect(second, carl);
    pbx.hang_up(bert); // the zombie
    pbx.hang_up(anna);
    pbx.disconnect(second, carl);
    pbx.hang_up(second);
    pbx.hang_up(carl);
    const auto told = test::told({{"bert", {"SIP/202"}}}, pbx.take());
    const std::string call = R"( called 201 context demo own 202 "Bert")";
    CHECK(told.lines ==
          (tells_exten_at_once(version)
               ? "bert 1 Dialing outbound 201 \"\"" + call + "\n"
               : "bert 1 Dialing outbound - \"\" own 202 \"Bert\"\nbert 1 Peer outbound 201 \"\"" +
                     call + "\n") +
              "bert 1 Alerting outbound 201 \"\"" + call +
              "\nbert 1 Answered outbound 201 \"Anna\"" + call +
              "\nbert 1 Peer outbound 200 \"Carl\"" + call +
              "\nbert 1 Ended outbound 200 \"Carl\"" + call + " reason normal cause 16\n");
    CHECK(told.left == 0);
}

TEST_CASE("a held call is told as every old version tells it", "[calls]") {
    const auto version = GENERATE(Version::v1_4, Version::v1_6, Version::v1_8, Version::v11);
    CAPTURE(name_of(version));
    Pbx pbx(version);
    auto customer = pbx.channel("SIP/trunk", "0612", "ACME", "201");
    auto anna = pbx.channel("SIP/201", "201", "Anna");
    pbx.calls(customer);
    pbx.answered_call(customer, anna);
    const std::string call = R"( inbound 0612 "ACME" called 201 context demo own 201 "Anna")";
    std::string held;
    const auto how = GENERATE(as<std::string>{}, "by Hold", "not by the customer's Hold",
                              "by Unlink and Link, which say nothing of it");
    CAPTURE(how);
    if (how == "by Hold") {
        pbx.hold(anna, true);
        pbx.hold(anna, false);
        held = "anna 1 Held" + call + "\nanna 1 Resumed" + call + "\n";
    }
    if (how == "not by the customer's Hold") {
        pbx.hold(customer, true);
        pbx.hold(customer, false);
    }
    if (how == "by Unlink and Link, which say nothing of it") {
        pbx.disconnect(customer, anna);
        pbx.connect(customer, anna);
    }
    pbx.disconnect(customer, anna);
    pbx.hang_up(anna);
    pbx.hang_up(customer);
    check(pbx, "anna 1 Ringing" + call + "\nanna 1 Answered" + call + "\n" + held + "anna 1 Ended" +
                   call + " reason normal cause 16\n");
}

TEST_CASE("a list of every old version tells a call that goes on", "[calls]") {
    const auto version = GENERATE(Version::v1_4, Version::v1_6, Version::v1_8, Version::v11);
    CAPTURE(name_of(version));
    Pbx pbx(version);
    auto bert = pbx.channel("SIP/202", "202", "Bert", "201");
    auto anna = pbx.channel("SIP/201", "201", "Anna");
    bert.state = anna.state = "Up";
    anna.application = "AppDial";
    pbx.connect(bert, anna);
    pbx.take();
    pbx.list({&bert, &anna});
    pbx.list({&bert, &anna});
    pbx.list({});
    const std::string annas =
        R"( inbound 202 "Bert" called 201 context demo own 201 "Anna" internal)";
    const std::string berts =
        R"( outbound 201 "Anna" called 201 context demo own 202 "Bert" internal)";
    check(pbx, "bert 1 Answered" + berts + "\nanna 1 Answered" + annas + "\nbert 1 Ended" + berts +
                   " reason normal cause 0\nanna 1 Ended" + annas + " reason normal cause 0\n");
}

TEST_CASE("an Unlink parts two of whom a list has told apart already", "[calls]") {
    const std::string script =
        "Asterisk Call Manager/1.0\n\n"
        "Event: Newchannel\nChannel: SIP/202-4\nUniqueid: 1.4\n\n"
        "Response: Success\nMessage: Channel status will follow\n\n"
        "Event: Status\nChannel: SIP/201-3\nLink: SIP/202-4\nUniqueid: 1.3\n\n"
        "Event: Status\nChannel: SIP/202-4\nState: Up\nUniqueid: 1.4\n\n"
        "Event: StatusComplete\n\n"
        "Event: Dial\nSource: SIP/201-3\nDestination: SIP/202-4\nSrcUniqueID: 1.3\n"
        "DestUniqueID: 1.4\n\n"
        "Event: Unlink\nChannel1: SIP/202-4\nChannel2: SIP/201-3\nUniqueid1: 1.4\n"
        "Uniqueid2: 1.3\n\n"
        "Event: Rename\nOldname: SIP/201-3\nNewname: SIP/trunk-1\nUniqueid: 1.3\n\n";
    CHECK(test::told(desks, script).lines ==
          "bert 1 Answered inbound - \"\"\nbert 1 Peer inbound - \"\" internal\n");
}
