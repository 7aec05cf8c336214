// SPDX-License-Identifier: GPL-3.0-or-later
// The database of a real MySQL or MariaDB server, which ASTCTI_TEST_MYSQL names: what is told of
// it, and accounts of the original imported from it by the real program.
#include "daemon/ctl/db_commands.hpp"
#include "daemon/ctl/mysql_database.hpp"
#include "tests/daemon/ctl/machine.hpp"
#include "tests/support/test_store.hpp"

using namespace astcti;
using namespace astcti::ctl;
using namespace astcti::test;
using Catch::Matchers::Contains;

namespace {

const std::string md5_of_test = "098f6bcd4621d373cade4e832627b4f6";

// An empty database, as the setup guide has it made.
class Original {
public:
    explicit Original(const std::string& options = "ENGINE=MyISAM DEFAULT CHARSET=utf8") {
        run("DROP TABLE IF EXISTS cti, cti_device, cti_seat, cti_schema");
        run("CREATE TABLE `cti` (`USERNAME` varchar(255) default NULL, `SECRET` varchar(255) "
            "default NULL, `HOST` varchar(255) default NULL, `EXT` varchar(255) default NULL, "
            "UNIQUE KEY `USERNAME` (`USERNAME`), UNIQUE KEY `EXT` (`EXT`)) " +
            options);
    }

    void run(const std::string& sql) { connection_.run_script(sql); }

    void add(const std::string& values) { run("INSERT INTO cti VALUES (" + values + ")"); }

    std::vector<accounts::SqlRow> rows() {
        return connection_.query("SELECT USERNAME, SECRET, HOST, EXT FROM cti");
    }

private:
    accounts::MysqlConnection connection_{mysql_server()};
};

Words import_words(const std::string& user = mysql_server().user) {
    const auto server = mysql_server();
    Words words{"db",
                "import-legacy",
                "--from-database",
                server.database,
                "--from-user",
                user,
                "--from-password-fd",
                "3"};
    if (server.socket.empty())
        words.insert(words.end(),
                     {"--from-host", server.host, "--from-port", std::to_string(server.port)});
    else
        words.insert(words.end(), {"--from-socket", server.socket});
    return words;
}

} // namespace

TEST_CASE("an original's database works, and status says what migrate would do", "[mysql]") {
    Original original;
    original.add("'test', '" + md5_of_test + "', '0.0.0.0', 'SIP/300'");
    MysqlDatabase database(mysql_server());
    const auto before = show_status(database);
    INFO(before.text);
    CHECK(before.code == 1);
    CHECK_THAT(before.text, Contains("version 1 of 3") && Contains("older version") &&
                                Contains("kept by MyISAM") && Contains("accounts     1\n") &&
                                Contains("bare MD5: 1"));
    CHECK(migrate_database(database).text == "brought the tables to version 3 of 3\n");
    CHECK(migrate_database(database).text == "the tables are up to date; nothing was changed\n");
    const auto after = show_status(database);
    INFO(after.text);
    CHECK(after.code == 0);
    CHECK_THAT(after.text, Contains("writable     yes"));
}

TEST_CASE("what is wrong with tables on a server is told", "[mysql]") {
    struct Row {
        const char* sql;
        const char* told;
    };
    const auto row = GENERATE(values<Row>({
        {"ALTER TABLE cti DROP COLUMN HOST", "no column HOST"},
        {"DROP TABLE cti", "no table cti"},
        {"ALTER TABLE cti CONVERT TO CHARACTER SET latin1", "character set latin1"},
        {"ALTER TABLE cti DROP KEY EXT", "the same EXT"},
        {"INSERT INTO cti VALUES (NULL, 'x', NULL, NULL)", "no USERNAME"},
        {"INSERT INTO cti VALUES ('x', 'x', NULL, 'SIP/1')", "x: SECRET is none"},
    }));
    CAPTURE(row.sql);
    Original original("ENGINE=InnoDB DEFAULT CHARSET=utf8");
    MysqlDatabase database(mysql_server());
    database.migrate();
    CHECK(show_status(database).code == 0);
    original.run(row.sql);
    const auto status = show_status(database);
    CHECK(status.code == 1);
    CHECK_THAT(status.text, Contains(row.told));
}

TEST_CASE("a user who may only read is told so", "[mysql]") {
    const Original original("ENGINE=InnoDB DEFAULT CHARSET=utf8");
    MysqlDatabase(mysql_server()).migrate();
    // tests/system/databases makes that user.
    auto server = mysql_server();
    server.user = "reader";
    server.password = "reads";
    MysqlDatabase database(server);
    const auto status = show_status(database);
    CHECK(status.code == 1);
    CHECK_THAT(status.text, Contains("writable     no: ") && Contains("denied"));
}

TEST_CASE("accounts of the original are imported, and left out for a reason", "[mysql]") {
    Original original;
    original.add("'test', '" + md5_of_test + "', '0.0.0.0', 'SIP/300'");
    original.add("'nobody', '" + md5_of_test + "', NULL, NULL");
    original.add("NULL, '" + md5_of_test + "', NULL, 'SIP/301'");
    original.add("'clear', 'test', NULL, 'SIP/302'");
    original.add("'taken', '" + md5_of_test + "', NULL, 'PJSIP/201'");
    const auto before = original.rows();
    const Machine machine;
    REQUIRE(machine.run(add_anna, "anna's\n").code == 0);

    const auto ran = machine.run(import_words(), mysql_server().password + "\n");
    INFO(ran.out << ran.err);
    CHECK(ran.code == EXIT_FAILURE);
    CHECK_THAT(ran.out, Contains("added 2; were there already 0; left out 3\n") &&
                            Contains("left out: (no USERNAME, EXT SIP/301)") &&
                            Contains("left out: clear: SECRET is no MD5") &&
                            Contains("left out: taken: the telephone PJSIP/201 is that of anna"));
    CHECK(machine.lets_in("test", "test"));
    CHECK_FALSE(machine.lets_in("test", md5_of_test));
    CHECK(machine.lets_in("anna", "anna's"));
    CHECK(accounts::SqliteStore(machine.database()).find("test")->secret.starts_with("{Y-MD5}"));

    original.run("DELETE FROM cti WHERE USERNAME IS NULL OR USERNAME IN ('clear', 'taken')");
    const auto again = machine.run(import_words(), mysql_server().password + "\n");
    CHECK(again.code == 0);
    CHECK(again.out == "added 0; were there already 2; left out 0\n");
    CHECK(original.rows().size() == before.size() - 3);
}

TEST_CASE("a server that lets nobody in is told, and nothing is imported", "[mysql]") {
    const Original original;
    const Machine machine;
    const auto ran = machine.run(import_words("nobody-is-called-so"), "canary\n");
    CHECK(ran.code == EXIT_FAILURE);
    CHECK_THAT(ran.err, Contains("nothing was imported from") && Contains("--from-") &&
                            !Contains("<database>") && !Contains("canary"));
    CHECK_FALSE(std::filesystem::exists(machine.database()));
}
