// SPDX-License-Identifier: GPL-3.0-or-later
// What is shown of accounts and desks, and changed of them, by the real program.
#include "daemon/accounts/secret.hpp"
#include "tests/daemon/ctl/machine.hpp"

#include <sysexits.h>

using namespace astcti;
using namespace astcti::test;
using Catch::Matchers::Contains;

namespace {

const std::string md5_of_test = "098f6bcd4621d373cade4e832627b4f6";

accounts::Account account_of(const Machine& machine, const char* name) {
    const auto account = accounts::SqliteStore(machine.database()).find(name);
    REQUIRE(account.has_value());
    return *account;
}

void add(const Machine& machine, const accounts::Account& account) {
    REQUIRE(accounts::SqliteStore(machine.database()).add(account) == accounts::Store::Added::done);
}

} // namespace

TEST_CASE("an account is shown with all but its secret, for people and for programs", "[ctl]") {
    const Machine machine;
    add(machine, {"anna",
                  md5_of_test,
                  "10.0.0.0/8",
                  "PJSIP/201",
                  {"SIP/7", "SIP/8"},
                  "Local/201@from-internal"});
    add(machine, {"b", "x", "", ""});
    const auto shown = machine.run({"user", "show", "anna"});
    CHECK(shown.code == 0);
    CHECK(shown.out == "user          anna\n"
                       "telephone     PJSIP/201\n"
                       "further ones  SIP/7, SIP/8\n"
                       "dials by      Local/201@from-internal\n"
                       "logs in from  10.0.0.0/8\n"
                       "secret        bare MD5: astctictl user migrate\n");
    const std::string anna =
        R"({"user": "anna", "extension": "PJSIP/201", "devices": ["SIP/7", "SIP/8"], )"
        R"("dial": "Local/201@from-internal", "host": "10.0.0.0/8", "secret": "md5"})";
    const std::string b = R"({"user": "b", "extension": null, "devices": [], "dial": null, )"
                          R"("host": null, "secret": "unusable"})";
    CHECK(machine.run({"user", "show", "anna", "--json"}).out == anna + "\n");
    CHECK(machine.run({"user", "list", "--json"}).out == "[\n" + anna + ",\n" + b + "\n]\n");
    CHECK_THAT(machine.run({"user", "list"}).out, !Contains(md5_of_test));
    CHECK(machine.run({"user", "show", "c"}).code == EXIT_FAILURE);
}

TEST_CASE("without accounts a program is told an empty list", "[ctl]") {
    CHECK(Machine().run({"user", "list", "--json"}).out == "[]\n");
}

TEST_CASE("an account without a telephone has that of the desk", "[ctl]") {
    const Machine machine;
    const auto added = machine.run({"user", "add", "anna", "--password-fd", "3"}, "anna's\n");
    CHECK(added.code == 0);
    CHECK_THAT(added.out, Contains("the telephone of the desk"));
    REQUIRE(machine.run({"user", "add", "berta", "--password-fd", "3"}, "b\n").code == 0);
    CHECK(machine.log_in("anna", "anna's").account.extension.empty());

    CHECK_THAT(machine.run({"seat", "list"}).out, Contains("astctictl seat set"));
    CHECK(machine.run({"seat", "set", "127.0.0.0/8", "PJSIP/301"}).code == 0);
    CHECK(machine.log_in("anna", "anna's").account.extension == "PJSIP/301");
    CHECK(machine.run({"seat", "set", "127.0.0.1", "PJSIP/302"}).code == 0);
    CHECK(machine.log_in("anna", "anna's").account.extension == "PJSIP/302");
    CHECK(machine.run({"seat", "list"}).out == "HOST         DEVICE\n"
                                               "127.0.0.0/8  PJSIP/301\n"
                                               "127.0.0.1    PJSIP/302\n");
    CHECK(machine.run({"seat", "list", "--json"}).out ==
          "[\n{\"host\": \"127.0.0.0/8\", \"extension\": \"PJSIP/301\"},\n"
          "{\"host\": \"127.0.0.1\", \"extension\": \"PJSIP/302\"}\n]\n");
    CHECK(machine.run({"seat", "remove", "127.0.0.1"}).code == 0);
    CHECK(machine.log_in("anna", "anna's").account.extension == "PJSIP/301");
    const auto again = machine.run({"seat", "remove", "127.0.0.1"});
    CHECK(again.code == EXIT_FAILURE);
    CHECK_THAT(again.err, Contains("astctictl seat list"));
}

TEST_CASE("extension, host and dial string are changed one by one and taken away", "[ctl]") {
    const Machine machine;
    auto words = add_anna;
    words.insert(words.end(), {"--dial", "Local/201@from-internal"});
    REQUIRE(machine.run(words, "anna's\n").code == 0);
    CHECK(account_of(machine, "anna").dial == "Local/201@from-internal");
    CHECK(machine.run({"user", "set", "anna", "--ext", "PJSIP/202", "--host", "10.0.0.7"}).out ==
          "changed anna\n");
    auto account = account_of(machine, "anna");
    CHECK(account.extension == "PJSIP/202");
    CHECK(account.host == "10.0.0.7");
    CHECK(account.dial == "Local/201@from-internal");
    CHECK(machine.run({"user", "set", "anna", "--ext", "", "--dial", ""}).code == 0);
    account = account_of(machine, "anna");
    CHECK(account.extension.empty());
    CHECK(account.dial.empty());
    CHECK(account.host == "10.0.0.7");
    CHECK(machine.run({"user", "set", "anna", "--host", ""}).code == 0);
    CHECK(machine.lets_in("anna", "anna's"));
}

TEST_CASE("what cannot be set is told, and nothing is changed", "[ctl]") {
    struct Row {
        Words arguments;
        int code;
        const char* told;
    };
    const auto row = GENERATE(values<Row>({
        {{"user", "set", "anna"}, EX_USAGE, "--ext, --host or --dial"},
        {{"user", "set"}, EX_USAGE, "NAME"},
        {{"user", "set", "anna", "--ext", "201"}, EX_USAGE, "PJSIP/201"},
        {{"user", "set", "anna", "--dial", "SIP/1&SIP/2"}, EX_USAGE, "--dial is a telephone"},
        {{"user", "set", "anna", "--host", "desk"}, EX_USAGE, "192.168.20.0/24"},
        {{"user", "set", "anna", "--host", "1.2.3.4", "--ext", "x"}, EX_USAGE, "PJSIP/201"},
        {{"user", "set", "anna", "--ext", "PJSIP/202"}, EXIT_FAILURE, "PJSIP/202 already"},
        {{"user", "set", "Anna", "--ext", ""}, EXIT_FAILURE, "no account Anna"},
        {{"user", "show", "\x1B[2J"}, EXIT_FAILURE, "no account [2J"},
        {{"user", "migrate", "anna", "carla"}, EXIT_FAILURE, "no account carla"},
        {{"seat", "set", "desk-12", "SIP/9"}, EX_USAGE, "192.168.20.0/24"},
        {{"seat", "set", "", "SIP/9"}, EX_USAGE, "HOST is"},
        {{"seat", "set", "0.0.0.0", "SIP/9"}, EX_USAGE, "HOST is"},
        {{"seat", "set", "10.0.0.0/33", "SIP/9"}, EX_USAGE, "HOST is"},
        {{"seat", "set", "10.0.0.7", "9"}, EX_USAGE, "DEVICE is a telephone"},
        {{"seat", "set", "10.0.0.7"}, EX_USAGE, "DEVICE"},
        {{"seat"}, EX_USAGE, "--help"},
        {{"db"}, EX_USAGE, "--help"},
        {{"db", "import-legacy"}, EX_USAGE, "--from-"},
        {{"db", "import-legacy", "--from-user", "x", "--from-database", ""}, EX_USAGE, "empty"},
        {{"db", "import-legacy", "--from-user", "x", "--from-database", "x", "--password", "x"},
         EX_USAGE,
         "--help"},
    }));
    CAPTURE(row.arguments);
    const Machine machine;
    add(machine, {"anna", md5_of_test, "", "PJSIP/201"});
    add(machine, {"berta", md5_of_test, "", "PJSIP/202"});
    const auto before = accounts::SqliteStore(machine.database()).list();
    const auto ran = machine.run(row.arguments);
    CHECK(ran.code == row.code);
    CHECK(ran.out.empty());
    CHECK_THAT(ran.err, Contains(row.told) && !Contains("\x1B"));
    CHECK(accounts::SqliteStore(machine.database()).list() == before);
    CHECK(accounts::SqliteStore(machine.database()).seats().empty());
}

TEST_CASE("bare MD5 sums are wrapped, the others are counted or named", "[ctl]") {
    const Machine machine;
    add(machine, {"test", md5_of_test, "", ""});
    add(machine, {"other", md5_of_test, "", ""});
    add(machine, {"clear", "test", "", ""});
    add(machine, {"native", accounts::make_secret("n", true), "", ""});
    CHECK(machine.run({"user", "migrate", "test", "test"}).out ==
          "wrapped 1; were wrapped already 0; native 0; unusable 0\n");
    CHECK(account_of(machine, "other").secret == md5_of_test);
    const auto ran = machine.run({"user", "migrate"});
    CHECK(ran.code == 0);
    CHECK(ran.err.empty());
    CHECK(ran.out == "wrapped 1; were wrapped already 1; native 1; unusable 1\n"
                     "clear cannot log in: astctictl user passwd clear\n");
    for (const char* const name : {"test", "other"}) {
        CHECK(accounts::kind_of(account_of(machine, name).secret) ==
              accounts::SecretKind::wrapped_md5);
        CHECK(machine.lets_in(name, "test"));
        CHECK_FALSE(machine.lets_in(name, md5_of_test));
    }
    CHECK(account_of(machine, "clear").secret == "test");
}
