// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/accounts/account.hpp"
#include "tests/support/catch.hpp"

using namespace astcti::accounts;

TEST_CASE("a new account's name is of letters that look like nothing else", "[accounts]") {
    for (const auto* good : {"a", "anna", "a.rossi", "anna@example.org", "A-1_b", "0"})
        CHECK(is_new_user(good));
    for (const auto* bad : {"", " ", "anna ", " anna", "an na", "anna\n", "ann\xC3\xA0", "anna;",
                            "anna'", "anna\"", "an/na", "anna|x", "\xD0\xB0nna"}) {
        CAPTURE(bad);
        CHECK_FALSE(is_new_user(bad));
    }
    CHECK_FALSE(is_new_user(std::string_view("an\0na", 5)));
}

TEST_CASE("a new account's name has at most 64 characters", "[accounts]") {
    CHECK(is_new_user(std::string(max_new_user, 'a')));
    CHECK_FALSE(is_new_user(std::string(max_new_user + 1, 'a')));
}

TEST_CASE("a new account's device is a channel of a driver we know", "[accounts]") {
    for (const auto* good : {"PJSIP/201", "SIP/front-desk", "IAX2/a_b", "SCCP/7960", "DAHDI/1",
                             "Local/201@from-queue/n", "PJSIP/a.b@c"})
        CHECK(is_new_extension(good));
    for (const auto* bad :
         {"", "201", "PJSIP", "PJSIP/", "pjsip/201", "Foo/201", "/PJSIP/201", " PJSIP/201",
          "PJSIP/201 ", "PJSIP/201\r\nAction: Command", "PJSIP/201&SIP/9", "PJSIP/${EXTEN}",
          "PJSIP/201,30", "PJSIP/201|30", "PJSIP/201;1", "PJSIP/2\xC3\xA0"}) {
        CAPTURE(bad);
        CHECK_FALSE(is_new_extension(bad));
    }
}

TEST_CASE("a device is compared as its channels are called", "[accounts]") {
    CHECK(device_of_channels("Local/201@from-queue/n") == "Local/201@from-queue");
    CHECK(device_of_channels("Local/201@from-queue") == "Local/201@from-queue");
    CHECK(device_of_channels("Local/a/b@c/nj/b") == "Local/a/b@c");
    CHECK(device_of_channels("Local/201/n") == "Local/201/n");
    CHECK(device_of_channels("PJSIP/a@b/c") == "PJSIP/a@b/c");
    CHECK(device_of_channels("").empty());
}

TEST_CASE("what else rings for a person is every other device once", "[accounts]") {
    using Devices = std::vector<std::string>;
    CHECK(further_devices({"a", "", "", "", {}}).empty());
    CHECK(further_devices({"a", "", "", "SIP/1", {}}).empty());
    CHECK(further_devices({"a", "", "", "SIP/1", {"SIP/2", "Local/1@q/n"}}) ==
          Devices{"SIP/2", "Local/1@q"});
    // An EXT that is itself written with an option: channels are called otherwise.
    CHECK(further_devices({"a", "", "", "Local/1@q/n", {"SIP/2"}}) ==
          Devices{"Local/1@q", "SIP/2"});
    // From a table that others filled.
    CHECK(further_devices({"a", "", "", "SIP/1", {"SIP/1", "SIP/2", "SIP/2", ""}}) ==
          Devices{"SIP/2"});
}

TEST_CASE("a new account's device has at most 128 characters", "[accounts]") {
    CHECK(is_new_extension("SIP/" + std::string(max_new_extension - 4, 'a')));
    CHECK_FALSE(is_new_extension("SIP/" + std::string(max_new_extension - 3, 'a')));
}
