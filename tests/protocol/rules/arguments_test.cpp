// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/rules/arguments.hpp"
#include "tests/support/catch.hpp"

using namespace astcti;
using namespace astcti::rules;
using Words = std::vector<std::string>;

namespace {

Argument argument(std::string_view text, bool allow_dash = false) {
    return std::get<Argument>(read_argument(text, allow_dash));
}

protocol::Call call_from(std::string name) {
    protocol::Call call;
    call.peer_name = std::move(name);
    call.peer_number = "202";
    call.calldata = "12345";
    call.channel = "PJSIP/201-1";
    call.uniqueid = "1.1";
    call.context = "astctidemo";
    return call;
}

} // namespace

TEST_CASE("each placeholder has its value, and none is empty", "[rules]") {
    const std::vector<Argument> all{argument("{CALLERID}|{CALLERNAME}|{CALLDATA}"),
                                    argument("{CHANNEL}{UNIQUEID}{CONTEXT}")};
    CHECK(std::get<Words>(expand(all, call_from("Anna"))) ==
          Words{"202|Anna|12345", "PJSIP/201-11.1astctidemo"});
    CHECK(std::get<Words>(expand(all, {})) == Words{"||", ""});
}

TEST_CASE("a value stays in its word, whatever it is", "[rules]") {
    const auto value = GENERATE(as<std::string>{}, "a b", "a\tb\nc", "\"", "'", "`id`", "$(reboot)",
                                "; rm -rf /", "a\\", "%20", "{CALLDATA}", "*", "~",
                                "<b>&\"'$(reboot)\n", "", "\xc3\xa9", "x -oProxyCommand=x");
    CAPTURE(value);
    const std::vector<Argument> arguments{argument("--name={CALLERNAME}"), argument("{CALLERNAME}"),
                                          argument("last")};
    CHECK(std::get<Words>(expand(arguments, call_from(value))) ==
          Words{"--name=" + value, value, "last"});
}

TEST_CASE("a value that would become an option is refused", "[rules]") {
    const auto value =
        GENERATE(as<std::string>{}, "-", "--", "-oProxyCommand=x", "--renderer-cmd-prefix=x");
    CAPTURE(value);
    for (const auto* text : {"{CALLERNAME}", "{CALLERNAME} x"})
        CHECK(std::holds_alternative<Refused>(expand({argument(text)}, call_from(value))));
    // An empty value before it hides nothing.
    auto call = call_from(value);
    call.calldata.clear();
    CHECK(std::holds_alternative<Refused>(expand({argument("{CALLDATA}{CALLERNAME}")}, call)));
    // The rule's author wrote the dash, or allowed it.
    CHECK(std::holds_alternative<Words>(expand({argument("-n{CALLERNAME}")}, call)));
    CHECK(std::holds_alternative<Words>(expand({argument("{CALLERNAME}", true)}, call)));
    CHECK(std::holds_alternative<Words>(expand({argument("x{CALLERNAME}")}, call)));
}

TEST_CASE("a NUL is refused: the rest of the word would vanish", "[rules]") {
    const auto call = call_from(std::string("a\0b", 3));
    CHECK(std::holds_alternative<Refused>(expand({argument("{CALLERNAME}", true)}, call)));
}

TEST_CASE("the called number, the queue and variables have their values too", "[rules]") {
    auto call = call_from("Anna");
    call.called_number = "100";
    call.queue = "support";
    call.variables = {{"priority", "high"}, {"CUSTOMER_ID", "7"}};
    const std::vector<Argument> all{argument("{CALLED}/{QUEUE}"),
                                    argument("{priority} {CUSTOMER_ID} {calldata}"),
                                    argument("{nothing}")};
    CHECK(std::get<Words>(expand(all, call)) == Words{"100/support", "high 7 12345", ""});
}

TEST_CASE("a mistyped placeholder is an error, other braces are text", "[rules]") {
    for (const auto* text : {"{CALLER}", "{CALERID}", "{CHANEL}", "a{CALLERID}{CALED}",
                             "{callerid}", "{Queue}", "{CONTEXTS}"})
        CHECK(std::holds_alternative<TemplateError>(read_argument(text, false)));
    for (const auto* text : {"{", "}", "{}", "{CALLERID", "{\"a\":1}", "{1}", "{a-b}", "{1a}"})
        CHECK(std::get<Words>(expand({argument(text)}, call_from("x"))) == Words{text});
    CHECK(std::get<Words>(expand({argument("{{CALLERID}}")}, call_from("x"))) == Words{"{202}"});
}
