// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ctl/import_plan.hpp"
#include "tests/support/catch.hpp"

using namespace astcti;
using namespace astcti::ctl;
using Catch::Matchers::Contains;
using Accounts = std::vector<accounts::Account>;

namespace {

const std::string md5 = "098f6bcd4621d373cade4e832627b4f6";

} // namespace

TEST_CASE("rows of the original are added as they are", "[ctl]") {
    const Accounts rows{{"test", md5, "0.0.0.0", "SIP/300"},
                        {"Zo\xC3\xAB van Dam", md5, "", ""},
                        {"c", md5, "", ""}};
    const auto plan = plan_import(rows, {});
    CHECK(plan.add == rows);
    CHECK(plan.left_out.empty());
    CHECK(plan.notes.empty());
    CHECK(plan.there == 0);
}

TEST_CASE("an MD5 sum in capitals is one", "[ctl]") {
    const auto plan = plan_import({{"test", "098F6BCD4621D373CADE4E832627B4F6", "", ""}}, {});
    REQUIRE(plan.add.size() == 1);
    CHECK(plan.add[0].secret == md5);
}

TEST_CASE("who is there is left as they are, and a difference is told", "[ctl]") {
    const Accounts existing{{"anna", "{Y}...", "", "SIP/201", {"SIP/301"}},
                            {"berta", md5, "", "SIP/202"}};
    const auto plan =
        plan_import({{"anna", md5, "", "SIP/201"}, {"berta", md5, "", "SIP/209"}}, existing);
    CHECK(plan.add.empty());
    CHECK(plan.left_out.empty());
    CHECK(plan.there == 2);
    REQUIRE(plan.notes.size() == 1);
    CHECK_THAT(plan.notes[0], Contains("berta: was there already with another EXT"));
}

TEST_CASE("a row that cannot be an account is left out for a reason", "[ctl]") {
    struct Row {
        accounts::Account row;
        const char* told;
    };
    const auto row = GENERATE(values<Row>({
        {{"", md5, "", "SIP/300"}, "(no USERNAME, EXT SIP/300)"},
        {{"", md5, "", ""}, "(no USERNAME, EXT none)"},
        {{"clear", "test", "", ""}, "clear: SECRET is no MD5 sum"},
        {{"none", "", "", ""}, "none: SECRET is no MD5 sum"},
        {{"short", md5.substr(1), "", ""}, "short: SECRET is no MD5 sum"},
        {{"twice", md5, "", "SIP/201"}, "the telephone SIP/201 is that of anna already"},
        {{"further", md5, "", "Local/1@q"}, "the telephone Local/1@q is that of anna already"},
        {{"new\nline", md5, "", ""}, "new line: the name"},
        {{"\xFF", md5, "", ""}, "the name"},
        {{std::string(1021, 'x'), md5, "", ""}, "the name is too long"},
        {{"ext", md5, "", "SIP/1\r\nAction: x"}, "ext: EXT or HOST"},
        {{"host", md5, std::string(1021, '1'), ""}, "host: EXT or HOST"},
    }));
    const Accounts existing{{"anna", md5, "", "SIP/201", {"Local/1@q/n"}}};
    const auto plan = plan_import({row.row}, existing);
    CHECK(plan.add.empty());
    REQUIRE(plan.left_out.size() == 1);
    CHECK_THAT(plan.left_out[0], Contains(row.told) && !Contains("\n") && !Contains(md5));
}

TEST_CASE("of two rows with one telephone the first has it", "[ctl]") {
    const auto plan = plan_import({{"a", md5, "", "SIP/1"}, {"b", md5, "", "SIP/1"}}, {});
    REQUIRE(plan.add.size() == 1);
    CHECK(plan.add[0].user == "a");
    CHECK(plan.left_out.size() == 1);
}

TEST_CASE("an unreadable HOST is taken over and told", "[ctl]") {
    const auto plan = plan_import({{"a", md5, "desk-12", ""}}, {});
    CHECK(plan.add.size() == 1);
    REQUIRE(plan.notes.size() == 1);
    CHECK_THAT(plan.notes[0], Contains("a: HOST is neither"));
}
