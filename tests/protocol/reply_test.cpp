// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/reply.hpp"
#include "tests/support/catch.hpp"

using namespace astcti::protocol;

TEST_CASE("replies are what the original sent, and may have a tag", "[reply]") {
    CHECK(welcome_line == "100 CTISERVER WELCOME\n");
    CHECK(reply_line("", ReplyCode::logged_in, "OK") == "102 OK\n");
    CHECK(reply_line("7", ReplyCode::bye, "BYE") == "@7 900 BYE\n");
}

TEST_CASE("a reply is read back", "[reply]") {
    const auto reply = read_reply("@7 113 REFUSED wrong name or password");
    REQUIRE(reply);
    CHECK(reply->tag == "7");
    CHECK(reply->code == 113);
    CHECK(reply->text == "REFUSED wrong name or password");
    CHECK(read_reply("100")->text.empty());
}

TEST_CASE("a line that is no reply is none", "[reply]") {
    const auto line = GENERATE(as<std::string>{}, "", "10", "1000 OK", "1x0 OK", "-10 OK", "099 OK",
                               "<event/>", "@7", "@7 <event/>", "OK", "100OK");
    CAPTURE(line);
    CHECK_FALSE(read_reply(line));
}
