// SPDX-License-Identifier: GPL-3.0-or-later
// What is wrong with tables and their rows.
#include "daemon/ctl/db_commands.hpp"
#include "daemon/ctl/row_check.hpp"
#include "daemon/ctl/schema.hpp"
#include "tests/support/catch.hpp"

using namespace astcti;
using namespace astcti::ctl;
using Catch::Matchers::Contains;

namespace {

const std::string md5 = "098f6bcd4621d373cade4e832627b4f6";
const std::string wrapped = "{Y-MD5}$y$j9T$nobody.has.this.secre0$" + std::string(43, 'a');

Schema good() {
    Schema schema{
        {{"cti", "InnoDB"}, {"cti_device", "InnoDB"}, {"cti_seat", ""}}, {}, {"USERNAME", "EXT"}};
    for (const auto* const column : {"USERNAME", "SECRET", "HOST", "EXT"})
        schema.columns.push_back({"cti", column, "utf8mb3"});
    for (const auto* const column : {"USERNAME", "DEVICE", "KIND"})
        schema.columns.push_back({"cti_device", column, "utf8mb4"});
    for (const auto* const column : {"HOST", "EXT"})
        schema.columns.push_back({"cti_seat", column, ""});
    return schema;
}

template <typename Inspected>
Findings found(const Inspected& inspected) {
    Findings findings;
    inspect(inspected, findings);
    return findings;
}

} // namespace

TEST_CASE("nothing is said against good tables and rows", "[ctl]") {
    CHECK(found(good()).faults.empty());
    CHECK(found(good()).notes.empty());
    const Rows rows{
        {{"anna", wrapped, "10.0.0.7", "SIP/1", {"SIP/2"}}, {"b", wrapped, "", "SIP/3"}}, 0};
    CHECK(found(rows).faults.empty());
    CHECK(found(rows).notes.empty());
}

TEST_CASE("a database without accounts is told what makes the table", "[ctl]") {
    const auto findings = found(Schema{});
    REQUIRE(findings.faults.size() == 1);
    CHECK_THAT(findings.faults[0], Contains("no table cti") && Contains("astctictl db migrate"));
}

TEST_CASE("each fault of a table is told with the statement that mends it", "[ctl]") {
    auto schema = good();
    SECTION("a missing column") {
        std::erase_if(schema.columns, [](const auto& c) { return c.name == "HOST"; });
        const auto findings = found(schema);
        REQUIRE(findings.faults.size() == 2);
        CHECK_THAT(findings.faults[0], Contains("ALTER TABLE cti ADD COLUMN HOST varchar(255)"));
        CHECK_THAT(findings.faults[1], Contains("cti_seat has no column HOST"));
        CHECK_FALSE(schema.has_accounts());
    }
    SECTION("a lost table") {
        const auto lose = [&schema](const std::string& table) {
            std::erase_if(schema.tables, [&](const auto& t) { return t.name == table; });
            std::erase_if(schema.columns, [&](const auto& c) { return c.table == table; });
        };
        SECTION("of further telephones") {
            lose("cti_device");
            const auto findings = found(schema);
            REQUIRE(findings.faults.size() == 1);
            CHECK_THAT(findings.faults[0],
                       Contains("cti_device is lost") && Contains("astctictl db migrate"));
        }
        SECTION("of desks") {
            lose("cti_seat");
            const auto findings = found(schema);
            REQUIRE(findings.faults.size() == 1);
            CHECK_THAT(findings.faults[0],
                       Contains("cti_seat is lost") && Contains("CREATE TABLE cti_seat"));
        }
        SECTION("is none where an older version had none") {
            lose("cti_seat");
            lose("cti_device");
            CHECK(found(schema).faults.empty());
        }
    }
    SECTION("a character set without letters") {
        schema.columns[0].character_set = "latin1";
        const auto findings = found(schema);
        REQUIRE(findings.faults.size() == 1);
        CHECK_THAT(findings.faults[0], Contains("column USERNAME of cti") && Contains("latin1") &&
                                           Contains("CONVERT TO CHARACTER SET utf8mb4"));
    }
    SECTION("no unique key") {
        schema.unique.erase("EXT");
        const auto findings = found(schema);
        REQUIRE(findings.faults.size() == 1);
        CHECK_THAT(findings.faults[0], Contains("ADD UNIQUE KEY EXT (EXT)"));
    }
    SECTION("MyISAM works, and is worth knowing") {
        schema.tables[0].engine = "MyISAM";
        const auto findings = found(schema);
        CHECK(findings.faults.empty());
        REQUIRE(findings.notes.size() == 1);
        CHECK_THAT(findings.notes[0], Contains("ALTER TABLE cti ENGINE=InnoDB"));
    }
}

TEST_CASE("each fault of a row is told with the name and with what to do", "[ctl]") {
    struct Case {
        std::vector<accounts::Account> accounts;
        const char* told;
        const char* advice;
    };
    const auto row = GENERATE(values<Case>({
        {{{"", md5, "", "SIP/9"}}, "1 rows of cti have no USERNAME", "remove"},
        {{{"admin ", wrapped, "", "SIP/1"}, {"Admin", wrapped, "", "SIP/2"}},
         "\"admin \" and \"Admin\" look alike",
         "rename"},
        {{{"a", wrapped, "", "Local/1@q"}, {"b", wrapped, "", "SIP/2", {"Local/1@q/n"}}},
         "Local/1@q is that of a and b",
         "user set"},
        {{{"a", wrapped, "", ""}}, "a: no EXT", "seat set"},
        {{{"a", wrapped, "desk", "SIP/1"}}, "a: HOST is neither", "--host"},
        {{{"a", "test", "", "SIP/1"}}, "a: SECRET is none", "user passwd"},
        {{{"a", "", "", "SIP/1"}}, "a: SECRET is none", "user passwd"},
        {{{"a", wrapped, std::string(1021, '1'), "SIP/1"}}, "more than 1020 bytes", "shorten"},
    }));
    const auto findings = found(Rows{row.accounts, 0});
    REQUIRE_FALSE(findings.faults.empty());
    CHECK_THAT(findings.faults[0], Contains(row.told) && Contains(row.advice));
}

TEST_CASE("where desks have telephones an account needs none; bare MD5 is worth knowing", "[ctl]") {
    const auto findings = found(Rows{{{"a", md5, "", ""}}, 1});
    CHECK(findings.faults.empty());
    REQUIRE(findings.notes.size() == 2);
    CHECK_THAT(findings.notes[0], Contains("a: no EXT"));
    CHECK_THAT(findings.notes[1], Contains("bare MD5") && Contains("user migrate"));
}

TEST_CASE("of many names some are told, and none commands the terminal", "[ctl]") {
    CHECK(names_told({"a"}) == "a");
    CHECK(names_told({"a", "b\x1B", ""}) == "a, b and (no name)");
    CHECK(names_told(std::vector<std::string>(max_names_told, "x")) ==
          "x, x, x, x, x, x, x, x, x and x");
    CHECK(names_told(std::vector<std::string>(max_names_told + 2, "x")) ==
          "x, x, x, x, x, x, x, x, x, x and 2 more");
}

TEST_CASE("a state is told, and is an error if something is to be mended", "[ctl]") {
    DatabaseState state{"MySQL 9.7.0", "database astcti at db:3306", 3, 3, "", Rows{}, {}};
    state.rows->accounts = {{"a", md5, "", ""}, {"b", wrapped, "", ""}, {"", "", "", ""}};
    CHECK(told(state).code == 0);
    CHECK(told(state).text == "server       MySQL 9.7.0\n"
                              "accounts in  database astcti at db:3306\n"
                              "tables       version 3 of 3\n"
                              "writable     yes\n"
                              "accounts     2\n"
                              "secrets      yescrypt of MD5: 1; bare MD5: 1\n"
                              "desks        0\n"
                              "Nothing is wrong.\n");
    auto read_only = state;
    read_only.why_not_writable = "it is read-only";
    CHECK(told(read_only).code == 1);
    CHECK_THAT(told(read_only).text, Contains("writable     no: it is read-only\n"));
    auto broken = state;
    broken.rows.reset();
    broken.findings = {{"fault"}, {"note"}};
    CHECK(told(broken).code == 1);
    CHECK_THAT(told(broken).text, Contains("accounts     cannot be read\n") &&
                                      Contains("Worth knowing:\n  - note\nWrong:\n  - fault\n"));
}
