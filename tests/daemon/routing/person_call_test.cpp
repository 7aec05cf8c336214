// SPDX-License-Identifier: GPL-3.0-or-later
// What is told of one person's part of a call: whole calls as Asterisk 22 (or 1.8, for what only
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

TEST_CASE("a telephone that is made to call tells how far it is", "[routing]") {
    Pbx pbx;
    auto anna = pbx.channel("PJSIP/201", "201", "Anna");
    auto customer = pbx.channel("PJSIP/trunk", "0612", "ACME");
    pbx.begin(anna);
    pbx.originate(anna);
    pbx.state(anna, "Ringing");
    anna.exten = "0612";
    pbx.state(anna, "Up");
    pbx.begin(customer);
    pbx.dial(anna, customer);
    pbx.state(customer, "Ringing");
    pbx.state(customer, "Up");
    pbx.hang_up(customer);
    pbx.hang_up(anna);
    check(pbx, R"(anna 1 Dialing outbound - "" context demo own 201 "Anna"
anna 1 Peer outbound 0612 "" called 0612 context demo own 201 "Anna"
anna 1 Peer outbound 0612 "ACME" called 0612 context demo own 201 "Anna"
anna 1 Alerting outbound 0612 "ACME" called 0612 context demo own 201 "Anna"
anna 1 Answered outbound 0612 "ACME" called 0612 context demo own 201 "Anna"
anna 1 Ended outbound 0612 "ACME" called 0612 context demo own 201 "Anna" reason normal cause 16
)");
}

TEST_CASE("what is not to be shown of a caller is not told", "[routing]") {
    Two call;
    const auto how =
        GENERATE(as<std::string>{}, "presentation", "a variable", "a word of the rules");
    CAPTURE(how);
    ReplayOptions options;
    if (how == "a word of the rules") {
        options.numbers.withheld = {"riservato"};
        call.customer.number = "riservato";
    }
    call.pbx.calls(call.customer);
    if (how == "presentation")
        call.pbx.caller_id(call.customer, 32);
    if (how == "a variable")
        call.customer.variables = {{"CALLERID(pres)", "prohib_passed_screen"}};
    call.pbx.begin(call.anna);
    call.pbx.dial(call.customer, call.anna);
    call.pbx.state(call.anna, "Ringing");
    call.hang_up();
    const std::string told = R"( inbound - "" called 201 context demo own 201 "Anna" withheld)";
    check(call.pbx,
          "anna 1 Ringing" + told + "\nanna 1 Ended" + told + " reason cancelled cause 16\n", desks,
          options);
}

TEST_CASE("numbers are told as the rules write them", "[routing]") {
    ReplayOptions options;
    options.numbers.country_code = "39";
    options.numbers.international_prefix = "00";
    options.numbers.trunk_prefix = "0";
    options.numbers.keep_trunk_prefix = true;
    Two call;
    call.customer.number = "0039065551234";
    call.begin();
    call.hang_up();
    const std::string told =
        R"( inbound +39065551234 "ACME" called 201 context demo own 201 "Anna")";
    check(call.pbx,
          "anna 1 Ringing" + told + "\nanna 1 Ended" + told + " reason cancelled cause 16\n", desks,
          options);
}

TEST_CASE("a hold is of the party of that moment", "[routing]") {
    Two call;
    auto& pbx = call.pbx;
    call.begin();
    pbx.answer(call.customer, call.anna);
    pbx.hold(call.anna, true);
    pbx.disconnect(call.customer, call.anna);
    auto bert = pbx.channel("PJSIP/202", "202", "Bert");
    pbx.begin(bert, "Up");
    pbx.connect(call.anna, bert);
    pbx.disconnect(call.anna, bert);
    pbx.connect(call.customer, call.anna);
    pbx.hold(call.anna, false);
    pbx.hang_up(bert);
    call.hang_up();
    check(pbx,
          "anna 1 Ringing" + annas + "\nanna 1 Answered" + annas + "\nanna 1 Held" + annas +
              "\nanna 1 Resumed inbound 202 \"Bert\" called 201 context demo own 201 "
              "\"Anna\"\nanna 1 Held" +
              annas + "\nanna 1 Resumed" + annas + "\nanna 1 Ended" + annas +
              " reason normal cause 16\n",
          {{"anna", {"PJSIP/201"}}});
}

TEST_CASE("a call from desk to desk is internal, unless somebody typed, waited or listened",
          "[routing]") {
    const auto [how, internal] =
        GENERATE(table<std::string, bool>({{"straight", true},
                                           {"calldata", false},
                                           {"a queue", false},
                                           {"answered by the PBX first", false},
                                           {"not a desk", false}}));
    CAPTURE(how);
    Pbx pbx;
    auto bert = pbx.channel(how == "not a desk" ? "PJSIP/299" : "PJSIP/202", "202", "Bert", "201");
    auto anna = pbx.channel("PJSIP/201", "201", "Anna");
    pbx.calls(bert);
    if (how == "answered by the PBX first")
        pbx.state(bert, "Up");
    if (how == "calldata")
        pbx.set(bert, "12345");
    if (how == "a queue")
        pbx.join(bert, "sales");
    pbx.begin(anna);
    pbx.dial(bert, anna);
    pbx.state(anna, "Ringing");
    pbx.hang_up(anna);
    pbx.hang_up(bert);
    const auto lines =
        test::told({{"anna", {"PJSIP/201"}}, {"bert", {"PJSIP/202"}}}, pbx.take()).lines;
    const auto ringing = lines.substr(lines.find("anna 1 Ringing"));
    CHECK((ringing.substr(0, ringing.find('\n')).find(" internal") != std::string::npos) ==
          internal);
}

TEST_CASE("what a customer typed goes with him, and not to whom a colleague asks", "[routing]") {
    Two call;
    auto& pbx = call.pbx;
    call.customer.variables = {{"calldata", "12345"}};
    call.begin();
    pbx.answer(call.customer, call.anna);
    pbx.disconnect(call.customer, call.anna);
    auto asking = pbx.channel("PJSIP/201", "201", "Anna", "202");
    auto bert = pbx.channel("PJSIP/202", "202", "Bert");
    pbx.calls(asking);
    pbx.begin(bert);
    pbx.answered_call(asking, bert);
    SECTION("while he only asks, it is Anna who calls") {
        pbx.hang_up(asking);
        pbx.hang_up(bert);
        call.hang_up();
        check(pbx, R"(bert 1 Ringing inbound 201 "Anna" called 202 context demo own 202 "Bert"
bert 1 Answered inbound 201 "Anna" called 202 context demo own 202 "Bert"
bert 1 Ended inbound 201 "Anna" called 202 context demo own 202 "Bert" reason normal cause 16
)",
              {{"bert", {"PJSIP/202"}}});
    }
    SECTION("then it is the customer") {
        pbx.disconnect(asking, bert);
        pbx.connect(call.customer, bert);
        pbx.hang_up(asking);
        pbx.hang_up(call.anna);
        pbx.hang_up(bert);
        pbx.hang_up(call.customer);
        check(pbx, R"(bert 1 Ringing inbound 201 "Anna" called 202 context demo own 202 "Bert"
bert 1 Answered inbound 201 "Anna" called 202 context demo own 202 "Bert"
bert 1 Peer inbound 0612 "ACME" called 202 context demo calldata 12345 own 202 "Bert"
bert 1 Ended inbound 0612 "ACME" called 202 context demo calldata 12345 own 202 "Bert" reason normal cause 16
)",
              {{"bert", {"PJSIP/202"}}});
    }
}

TEST_CASE("what a desk was given by its caller is not what it has to say", "[routing]") {
    Pbx pbx;
    auto bert = pbx.channel("PJSIP/202", "202", "Bert", "201");
    auto anna = pbx.channel("PJSIP/201", "201", "Anna");
    anna.variables = {{"calldata", "inherited"}};
    pbx.calls(bert);
    pbx.begin(anna);
    pbx.answered_call(bert, anna);
    pbx.hang_up(anna);
    pbx.hang_up(bert);
    const auto told = test::told({{"bert", {"PJSIP/202"}}, {"anna", {"PJSIP/201"}}}, pbx.take());
    const auto annas_part = told.lines.find("anna 1 Answered");
    REQUIRE(annas_part != std::string::npos);
    CHECK(told.lines.find("calldata inherited", annas_part) != std::string::npos);
    CHECK(told.lines.find("bert 1 Answered outbound 201 \"Anna\"") != std::string::npos);
    for (auto at = told.lines.find("bert 1"); at != std::string::npos;
         at = told.lines.find("bert 1", at + 1))
        CHECK(told.lines.substr(at, told.lines.find('\n', at) - at).find("inherited") ==
              std::string::npos);
}

TEST_CASE("a customer who was called takes with him what the call was about", "[routing]") {
    Pbx pbx;
    auto anna = pbx.channel("PJSIP/201", "201", "Anna", "0612");
    auto customer = pbx.channel("PJSIP/trunk", "0612", "ACME");
    anna.variables = {{"calldata", "12345"}};
    pbx.calls(anna);
    pbx.begin(customer);
    pbx.answered_call(anna, customer);
    pbx.disconnect(anna, customer);
    auto bert = pbx.channel("PJSIP/202", "202", "Bert");
    pbx.begin(bert, "Up");
    pbx.connect(customer, bert);
    pbx.hang_up(anna);
    pbx.hang_up(bert);
    pbx.hang_up(customer);
    const std::string told = R"( inbound 0612 "ACME" context demo calldata 12345 own 202 "Bert")";
    const auto lines = test::told({{"bert", {"PJSIP/202"}}}, pbx.take()).lines;
    CHECK(lines.substr(lines.rfind("bert 1 Ended")) ==
          "bert 1 Ended" + told + " reason normal cause 16\n");
}

TEST_CASE("a telephone that shows its own number shows nobody's", "[routing]") {
    Pbx pbx;
    auto anna = pbx.channel("PJSIP/201", "201", "Anna", "300");
    anna.connected_number = GENERATE(as<std::string>{}, "201", "");
    pbx.calls(anna);
    pbx.hang_up(anna);
    const std::string told = R"( outbound 300 "" called 300 context demo own 201 "Anna")";
    check(pbx, "anna 1 Dialing" + told + "\nanna 1 Ended" + told + " reason cancelled cause 16\n");
}
