// SPDX-License-Identifier: GPL-3.0-or-later
// The further telephones of accounts, as an administrator gives them.
#include "daemon/accounts/account.hpp"
#include "tests/daemon/ctl/machine.hpp"

#include <sysexits.h>

using namespace astcti;
using namespace astcti::test;
using Catch::Matchers::Contains;

TEST_CASE("further telephones are given, listed and taken away", "[ctl]") {
    const Machine machine;
    auto words = add_anna;
    words.insert(words.end(), {"--device", "PJSIP/301", "--device", "Local/201@from-queue/n"});
    const auto added = machine.run(words, "anna's\n");
    CHECK(added.out == "added anna, who has the telephone PJSIP/201,PJSIP/301,"
                       "Local/201@from-queue/n\n");
    CHECK(machine.run({"user", "device", "add", "anna", "SIP/9"}).out ==
          "anna has the telephone SIP/9 as well\n");
    CHECK(machine.run({"user", "device", "remove", "anna", "PJSIP/301"}).code == 0);
    CHECK_THAT(machine.run({"user", "list"}).out,
               Contains("anna  PJSIP/201,Local/201@from-queue/n,SIP/9  -         anywhere"));
    const auto outcome = machine.log_in("anna", "anna's");
    CHECK(outcome.account.devices == Words{"Local/201@from-queue/n", "SIP/9"});
}

TEST_CASE("an account has so many further telephones and no more", "[ctl]") {
    const Machine machine;
    auto words = add_anna;
    for (std::size_t i = 0; i < accounts::max_devices; ++i)
        words.insert(words.end(), {"--device", "SIP/" + std::to_string(i)});
    auto too_many = words;
    too_many.insert(too_many.end(), {"--device", "SIP/x"});
    const auto refused = machine.run(too_many, "anna's\n");
    CHECK(refused.code == EX_USAGE);
    CHECK_THAT(refused.err, Contains("at most 16 further telephones"));
    REQUIRE(machine.run(words, "anna's\n").code == 0);
    const auto ran = machine.run({"user", "device", "add", "anna", "SIP/x"});
    CHECK(ran.code == EXIT_FAILURE);
    CHECK_THAT(ran.err, Contains("at most 16 further telephones"));
}
