// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ami/anonymous.hpp"
#include "daemon/ami/packet_parser.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <regex>

using namespace astcti::ami;

namespace {

std::string made(std::string_view text) {
    return anonymised(text, Pseudonyms::Random(17));
}

// The value of one header, in a packet of its own.
std::string value(std::string_view key, std::string_view text, std::string_view before = "") {
    const auto out = made(fmt::format("{}{}: {}\r\n\r\n", before, key, text));
    const auto begin = out.find(fmt::format("{}: ", key), before.empty() ? 0 : 1);
    REQUIRE(begin != out.npos);
    const auto from = begin + key.size() + 2;
    return out.substr(from, out.size() - from - 4);
}

// Digits as 0, letters as a.
std::string shape(std::string text) {
    for (auto& c : text)
        c = c >= '0' && c <= '9' ? '0' : (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ? 'a' : c;
    return text;
}

} // namespace

TEST_CASE("what tells the structure is kept", "[ami]") {
    const std::string packet = "Asterisk Call Manager/11.0.0\r\n"
                               "Event: Newchannel\r\nPrivilege: call,all\r\n"
                               "Timestamp: 1795406845.123456\r\n"
                               "Channel: PJSIP/201-0000002a\r\nChannelState: 4\r\n"
                               "ChannelStateDesc: Ring\r\nCallerIDNum: 202\r\n"
                               "CallerIDName: <unknown>\r\nConnectedLineName: \r\n"
                               "Language: en\r\nContext: from-queue\r\nExten: 300\r\n"
                               "Priority: 1\r\nUniqueid: 1795406845.42\r\n"
                               "Linkedid: pbx-1795406845.42\r\nQueue: sales\r\nCause: 16\r\n"
                               "Cause-txt: Normal Clearing\r\nActionID: astcti-1-7\r\n"
                               "BridgeUniqueid: 6f9a1cf4-5e04-4b8c-9de7-27a52ea3f3d2\r\n"
                               "Application: Dial\r\nAppData: PJSIP/201&PJSIP/203,20,tT\r\n\r\n";
    CHECK(made(packet) == packet);
}

TEST_CASE("a long number is the same wherever it stands", "[ami]") {
    const auto out =
        made("Event: A\r\nCallerIDNum: 390612345678\r\nExten: 00390612345678\r\n"
             "ConnectedLineNum: +390612345678\r\nChannel: Local/390612345678@out-0000002a;1\r\n"
             "DialString: trunk/390612345678@192.0.2.7:5060\r\nCallerIDNum: 06 123-456\r\n\r\n");
    std::smatch found;
    REQUIRE(std::regex_match(out, found,
                             std::regex("Event: A\r\nCallerIDNum: (\\d{12})\r\n"
                                        "Exten: 00\\1\r\nConnectedLineNum: \\+\\1\r\n"
                                        "Channel: Local/\\1@out-0000002a;1\r\n"
                                        "DialString: trunk/\\1@(10\\.[0-9.]+):5060\r\n"
                                        "CallerIDNum: (0\\d \\d{3}-\\d{3})\r\n\r\n")));
    CHECK(found[1] != "390612345678");
    CHECK(found[2] != "192.0.2.7");
    CHECK(found[3] != "06 123-456");
}

TEST_CASE("from 6 digits on a number is long", "[ami]") {
    CHECK(value("CallerIDNum", "12345") == "12345");
    CHECK(value("CallerIDNum", "123456") != "123456");
    CHECK(value("Exten", "000000") == "000000");
}

TEST_CASE("different numbers stay different", "[ami]") {
    std::string text;
    for (int i = 100000; i < 110000; ++i)
        text += fmt::format("CallerIDNum: {}\r\n", i);
    const auto out = made(text);
    std::vector<std::string> numbers;
    for (std::size_t at = 0; at < out.size(); at += 21)
        numbers.push_back(out.substr(at, 21));
    std::sort(numbers.begin(), numbers.end());
    CHECK(numbers.size() == 10000);
    CHECK(std::adjacent_find(numbers.begin(), numbers.end()) == numbers.end());
}

TEST_CASE("names are counted, and the same one is the same", "[ami]") {
    const auto out = made("CallerIDName: Anna Rossi\r\nConnectedLineName: ACME\r\n\r\n"
                          "DestCallerIDName: Anna Rossi\r\nCallerID: \"ACME\" <390612345678>\r\n"
                          "MemberName: PJSIP/201\r\nCallerIDName: 390612345678\r\n\r\n");
    CHECK(std::regex_match(out, std::regex("CallerIDName: Name 1\r\nConnectedLineName: Name 2\r\n"
                                           "\r\nDestCallerIDName: Name 1\r\n"
                                           "CallerID: \"Name 2\" <(\\d{12})>\r\n"
                                           "MemberName: PJSIP/201\r\nCallerIDName: \\1\r\n\r\n")));
}

TEST_CASE("values of variables and unknown headers keep their shape only", "[ami]") {
    const std::string text = "Anna 12345, via Roma 7";
    for (const auto& [key, before] :
         std::initializer_list<std::pair<std::string_view, std::string_view>>{
             {"Value", "Event: VarSet\r\nVariable: customer\r\n"},
             {"FutureHeader", "Event: Newchannel\r\n"},
             {"Status", "Event: UserEvent\r\nUserEvent: AstCTI\r\n"},
             {"AppData", "Event: Newexten\r\nApplication: NoOp\r\n"}}) {
        CAPTURE(key);
        const auto out = value(key, text, before);
        CHECK(out != text);
        CHECK(out.find("Anna") == out.npos);
        CHECK(out.find("12345") == out.npos);
        CHECK(shape(out) == shape(text));
    }
    CHECK(value("AppData", "sub,s,1(Anna Rossi)", "Application: Gosub\r\n").find("Anna") ==
          std::string::npos);
    CHECK(value("Value", "ANSWER", "Variable: DIALSTATUS\r\n") == "ANSWER");
    const auto out = value("ChanVariable", "calldata=12345");
    CHECK(out.starts_with("calldata="));
    CHECK(out != "calldata=12345");
    CHECK(value("Digit", "7") == "1");
}

TEST_CASE("addresses are replaced", "[ami]") {
    CHECK(value("Address", "192.0.2.7") != "192.0.2.7");
    CHECK(value("Address", "127.0.0.1") == "127.0.0.1");
    CHECK(value("DialString", "201@[2001:db8::7]:5060").starts_with("201@[fd00::"));
}

TEST_CASE("the seed decides, so that nothing can be computed from a pseudonym", "[ami]") {
    const std::string text = "CallerIDNum: 390612345678\r\n\r\n";
    CHECK(made(text) == made(text));
    CHECK(anonymised(text, Pseudonyms::Random(1)) != anonymised(text, Pseudonyms::Random(2)));
}

TEST_CASE("no bytes break the framing", "[ami]") {
    Pseudonyms::Random random(4711);
    const std::string_view pieces[] = {"\r",
                                       "\n",
                                       "\r\n",
                                       ":",
                                       ": ",
                                       "\\",
                                       "\\n",
                                       "\0",
                                       "\xFF",
                                       "\xC3\xA8",
                                       "39061234567",
                                       "+",
                                       "00",
                                       "Event",
                                       "CallerIDName",
                                       "Channel",
                                       "Value",
                                       "\"",
                                       "<",
                                       ">",
                                       "=",
                                       ";",
                                       "-0000002a",
                                       "a",
                                       "1.2.3.4",
                                       "Asterisk Call Manager/",
                                       "::1",
                                       "(",
                                       ")",
                                       " "};
    for (int round = 0; round < 3000; ++round) {
        std::string text;
        for (auto count = random() % 60; count > 0; --count)
            text += pieces[random() % std::size(pieces)];
        const auto out = made(text);
        const auto of_lines = [](std::string_view bytes) {
            std::string lines;
            bool is_empty = true;
            for (const char c : bytes) {
                if (c == '\n')
                    lines += is_empty ? 'e' : 'l';
                is_empty = c == '\n' || (is_empty && c == '\r');
            }
            return lines;
        };
        CAPTURE(text, out);
        REQUIRE(of_lines(out) == of_lines(text));
    }
    CHECK(made("").empty());
    CHECK(made("Event: A").starts_with("Event: A"));
}
