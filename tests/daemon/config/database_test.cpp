// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/config/config.hpp"
#include "tests/daemon/config/reading.hpp"
#include "tests/support/catch.hpp"

using namespace astcti::config;
using Catch::Matchers::Contains;

TEST_CASE("a MySQL server is read, with what is usual where nothing is said", "[config]") {
    const auto usual = read(document("<database driver='mysql'/>")).database;
    REQUIRE(usual.server);
    CHECK(usual.server->host == "localhost");
    CHECK(usual.server->port == 3306);
    CHECK(usual.server->name == "astcti");
    CHECK(usual.server->user == "astcti");
    CHECK_FALSE(usual.server->tls);
    CHECK(usual.secrets == Database::Secrets::keep);
    const auto all =
        read(document(
                 "<database driver='mysql' host='db.example' port='3307' name='cti' user='reader' "
                 "password-credential='astcti.database' tls='yes' ca-file='/etc/ssl/db.pem' "
                 "secrets='native'/>"))
            .database;
    REQUIRE(all.server);
    CHECK(all.server->host == "db.example");
    CHECK(all.server->port == 3307);
    CHECK(all.server->name == "cti");
    CHECK(all.server->user == "reader");
    CHECK(all.server->password.credential == "astcti.database");
    CHECK(all.server->tls);
    CHECK(all.server->ca_file == "/etc/ssl/db.pem");
    CHECK(all.secrets == Database::Secrets::native);
    CHECK(all.file.empty());
}

TEST_CASE("what is wrong with <database> is told with its line, and what to do", "[config]") {
    struct Row {
        std::string inside;
        std::string what;
        std::string advice;
    };
    const auto row = GENERATE(values<Row>({
        {"<database driver='sqlite' secrets='md5'/>", "secrets of <database>",
         "keep, wrap or native"},
        {"<database driver='sqlite' host='x'/>", "<database driver=\"sqlite\"> has host", "driver"},
        {"<database driver='mysql' file='/x'/>", "<database driver=\"mysql\"> has file", "driver"},
        {"<database driver='mysql' host='db.example'/>", "would not be encrypted", "tls=\"yes\""},
        {"<database driver='mysql' host='db.example' tls='yes' socket='/s'/>",
         "both a socket and the host", "leave host out"},
        {"<database driver='mysql' ca-file='/x'/>", "ca-file but not tls", "leave ca-file out"},
        {"<database driver='mysql' password-file='/x' password-credential='y'/>",
         "more than one place", "all but one"},
        {"<database driver='mysql' password=''/>", "password of <database>", "1 to 256"},
        {"<database driver='sqlite' file=':memory:'/>", "\":memory:\"", "from the root"},
    }));
    CAPTURE(row.inside);
    const auto faults = faults_of(document(row.inside));
    REQUIRE(faults.size() == 1);
    CHECK(faults[0].line == 2);
    CHECK_THAT(faults[0].what, Contains(row.what));
    CHECK_THAT(faults[0].advice, Contains(row.advice));
}
