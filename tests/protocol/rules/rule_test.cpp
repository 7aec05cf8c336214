// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/rules/rule.hpp"
#include "tests/support/catch.hpp"

using namespace astcti;
using namespace astcti::rules;

TEST_CASE("what is to be started has the call's values in it", "[rules]") {
    protocol::Call call;
    call.peer_number = "202";
    Rule run;
    run.action = RunProgram{"/bin/crm", {std::get<Argument>(read_argument("{CALLERID}", false))}};
    CHECK(std::get<Run>(start_for(run, call)).words == std::vector<std::string>{"/bin/crm", "202"});

    Rule open;
    open.action = std::get<UrlTemplate>(read_url("http://crm/?n={CALLERID}"));
    CHECK(std::get<OpenUrl>(start_for(open, call)).url == "http://crm/?n=202");

    call.peer_number = "-x";
    CHECK(std::holds_alternative<Refused>(start_for(run, call)));
}

TEST_CASE("a moment and its word are the same", "[rules]") {
    for (const auto moment :
         {Moment::ringing, Moment::answered, Moment::peer_changed, Moment::ended})
        CHECK(moment_from(to_word(moment)) == moment);
    CHECK_FALSE(moment_from("held"));
    CHECK_FALSE(moment_from(""));
}
