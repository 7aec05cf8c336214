// SPDX-License-Identifier: GPL-3.0-or-later
// The database by the real program, on SQLite.
#include "daemon/accounts/sqlite.hpp"
#include "tests/daemon/ctl/machine.hpp"

#include <sysexits.h>

using namespace astcti;
using namespace astcti::test;
using Catch::Matchers::Contains;

namespace {

void run_sql(const Machine& machine, const std::string& sql) {
    accounts::SqliteConnection(machine.database()).run_script(sql);
}

} // namespace

TEST_CASE("status tells of a database that is not there yet, and makes none", "[ctl]") {
    const Machine machine;
    const auto ran = machine.run({"db", "status"});
    CHECK(ran.code == 0);
    CHECK_THAT(ran.out, Contains("version 0 of 3") && Contains("there is no file yet"));
    CHECK_FALSE(std::filesystem::exists(machine.database()));
}

TEST_CASE("status tells that all is well", "[ctl]") {
    const Machine machine;
    REQUIRE(machine.run(add_anna, "anna's\n").code == 0);
    const auto ran = machine.run({"db", "status"});
    CHECK(ran.code == 0);
    CHECK_THAT(ran.out, Contains("server       SQLite 3.") && Contains("version 3 of 3") &&
                            Contains("writable     yes") && Contains("accounts     1\n") &&
                            Contains("yescrypt of MD5: 1") && Contains("Nothing is wrong."));
}

TEST_CASE("status of an older version changes nothing; migrate brings it up to date", "[ctl]") {
    const Machine machine;
    run_sql(machine, "CREATE TABLE cti (USERNAME TEXT UNIQUE, SECRET TEXT, HOST TEXT, EXT TEXT "
                     "UNIQUE); PRAGMA user_version = 1; INSERT INTO cti VALUES "
                     "('test', '098f6bcd4621d373cade4e832627b4f6', '0.0.0.0', 'SIP/300')");
    for (int i = 0; i < 2; ++i) {
        const auto before = machine.run({"db", "status"});
        CHECK(before.code == 0);
        CHECK_THAT(before.out, Contains("version 1 of 3") && Contains("bare MD5: 1") &&
                                   Contains("astctictl user migrate"));
    }
    const auto migrated = machine.run({"db", "migrate"});
    CHECK(migrated.code == 0);
    CHECK(migrated.out == "brought the tables to version 3 of 3\n");
    CHECK(machine.run({"db", "migrate"}).out == "the tables are up to date; nothing was changed\n");
    CHECK(machine.lets_in("test", "test"));
}

TEST_CASE("status tells what is wrong with the tables", "[ctl]") {
    struct Row {
        const char* sql;
        const char* told;
    };
    const auto row = GENERATE(values<Row>({
        {"ALTER TABLE cti DROP COLUMN HOST", "no column HOST"},
        {"DROP TABLE cti", "no table cti"},
        {"ALTER TABLE cti_device RENAME COLUMN DEVICE TO X", "cti_device has no column DEVICE"},
        {"DROP TABLE cti; CREATE TABLE cti (USERNAME, SECRET, HOST, EXT)", "the same USERNAME"},
        {"INSERT INTO cti VALUES (NULL, NULL, NULL, 'SIP/9')", "no USERNAME"},
        {"INSERT INTO cti VALUES ('b', NULL, NULL, NULL)", "b: no EXT"},
        {"INSERT INTO cti VALUES ('b', 'x', '', 'SIP/9')", "b: SECRET is none"},
        {"INSERT INTO cti VALUES ('ANNA', 'x', '', 'SIP/9')", "look alike"},
        {"INSERT INTO cti_device VALUES ('b', 'PJSIP/201', '')", "version 3 of 3"},
    }));
    CAPTURE(row.sql);
    const Machine machine;
    REQUIRE(machine.run(add_anna, "anna's\n").code == 0);
    run_sql(machine, row.sql);
    const auto ran = machine.run({"db", "status"});
    CHECK(ran.code == (std::string(row.told).starts_with("version") ? EXIT_SUCCESS : EXIT_FAILURE));
    CHECK_THAT(ran.out, Contains(row.told));
    CHECK(ran.err.empty());
}

TEST_CASE("a database that somebody else writes, or that is none, is told", "[ctl]") {
    const Machine machine;
    REQUIRE(machine.run(add_anna, "anna's\n").code == 0);
    SECTION("locked") {
        accounts::SqliteConnection other(machine.database());
        other.run_script("BEGIN IMMEDIATE");
        const auto ran = machine.run({"db", "status"});
        CHECK(ran.code == EXIT_FAILURE);
        CHECK_THAT(ran.out, Contains("writable     no: ") && Contains("another program") &&
                                Contains("accounts     1\n"));
    }
    SECTION("not a database") {
        machine.directory.write("state/astcti.db", "this is no database, but has some bytes");
        const auto ran = machine.run({"db", "status"});
        CHECK(ran.code == EXIT_FAILURE);
        CHECK_THAT(ran.err, Contains("put back a backup"));
    }
}

TEST_CASE("a server to import from that is not there is told, and nothing is changed", "[ctl]") {
    const Machine machine;
    const auto ran =
        machine.run({"db", "import-legacy", "--from-socket", machine.directory.path("no-socket"),
                     "--from-database", "cti", "--from-user", "reader", "--from-password-fd", "3"},
                    "canary\n");
    CHECK(ran.code == EXIT_FAILURE);
    CHECK_THAT(ran.err, Contains("nothing was imported from") && Contains("--from-") &&
                            !Contains("canary") && !Contains("<database>"));
    CHECK_FALSE(std::filesystem::exists(machine.database()));
}
