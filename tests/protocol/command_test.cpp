// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/command.hpp"
#include "tests/support/catch.hpp"

using namespace astcti::protocol;

TEST_CASE("a command is a verb in any case, and the rest of the line", "[command]") {
    const auto command = read_command("user Mario Rossi", false);
    REQUIRE(command);
    CHECK(command->verb == "USER");
    CHECK(command->arguments == "Mario Rossi");
    CHECK(command->tag.empty());
    CHECK(read_command("NOOP", false)->arguments.empty());
}

TEST_CASE("a tag belongs to the native dialect", "[command]") {
    const auto tagged = read_command("@a.7-B_ ORIG 1|2|3", true);
    REQUIRE(tagged);
    CHECK(tagged->tag == "a.7-B_");
    CHECK(tagged->verb == "ORIG");
    CHECK(tagged->arguments == "1|2|3");
    CHECK(read_command("@7 NOOP", false)->verb == "@7");
}

TEST_CASE("what is not a command is none", "[command]") {
    const auto line = GENERATE(as<std::string>{}, "", " ", " NOOP", "@ NOOP", "@7", "@a/b NOOP",
                               "@" + std::string(max_tag + 1, 'a') + " NOOP",
                               std::string("NO\0OP", 5), "NOOP\x1b", "USER \xff", "USER a\tb");
    CAPTURE(line);
    CHECK_FALSE(read_command(line, true));
}

TEST_CASE("a tag of the limit is one", "[command]") {
    CHECK(read_command("@" + std::string(max_tag, 'a') + " NOOP", true));
}

TEST_CASE("ORIG takes three fields, ignores more, and has defaults", "[command]") {
    CHECK(read_originate("203|astctidemo|1") == OriginateArguments{"203", "astctidemo", "1"});
    CHECK(read_originate("203||") == OriginateArguments{"203", "default", "1"});
    CHECK(read_originate("203|a|2|x|y") == OriginateArguments{"203", "a", "2"});
    CHECK_FALSE(read_originate(""));
    CHECK_FALSE(read_originate("203"));
    CHECK_FALSE(read_originate("203|astctidemo"));
}
