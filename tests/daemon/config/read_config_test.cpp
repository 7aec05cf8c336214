// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/config/config.hpp"
#include "tests/daemon/config/reading.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

#include <sys/un.h>

using namespace astcti::config;
using astcti::test::TempDir;
using Catch::Matchers::Contains;

TEST_CASE("an empty configuration is valid, and maps no Unix user", "[config]") {
    const auto config = read("<astcti xmlns=\"urn:astcti:config:1\"/>");
    CHECK(config.managers.empty());
    CHECK(config.database.file == "/var/lib/astcti/astcti.db");
    CHECK_FALSE(config.ctiserver.local_users.account_of("anna").has_value());
}

TEST_CASE("the database is in the state directory that systemd names", "[config]") {
    const auto directory = GENERATE(as<std::string>{}, "/tmp/state", "/tmp/state:/tmp/other");
    ::setenv("STATE_DIRECTORY", directory.c_str(), 1);
    const auto config = read("<astcti xmlns=\"urn:astcti:config:1\"/>");
    ::unsetenv("STATE_DIRECTORY");
    CHECK(config.database.file == "/tmp/state/astcti.db");
}

TEST_CASE("sections may come in any order and with any prefix", "[config]") {
    const auto config = read("<a:astcti xmlns:a='urn:astcti:config:1'>"
                             "<a:ctiserver host-check='enforce'><a:local-users map='listed'>"
                             "<a:user name='anna' account='a.rossi'/></a:local-users></a:ctiserver>"
                             "<a:manager name='b' user='u' secret-credential='c' port=' 5039 '/>"
                             "<a:logging level='debug'/>"
                             "<a:manager name='a' user='u' secret-credential='c' host='::1'/>"
                             "<a:database driver='sqlite' file='/tmp/x.db'/></a:astcti>");
    CHECK(config.ctiserver.enforce_host);
    CHECK(config.ctiserver.local_users.account_of("anna") == "a.rossi");
    CHECK_FALSE(config.ctiserver.local_users.account_of("a.rossi").has_value());
    REQUIRE(config.managers.size() == 2);
    CHECK(config.managers[0].name == "b");
    CHECK(config.managers[0].host == "127.0.0.1");
    CHECK(config.managers[0].port == 5039);
    CHECK(config.managers[1].port == default_manager_port);
    CHECK(config.managers[1].host == "::1");
    CHECK(config.logging.level == LogLevel::debug);
    CHECK(config.database.file == "/tmp/x.db");
}

TEST_CASE("a secret in clear is warned about with its line", "[config]") {
    const auto config = read(document("<manager name='pbx1' user='u'\n secret='canary'/>"), 0640);
    CHECK(config.managers.at(0).secret == "canary");
    REQUIRE(config.warnings.size() == 1);
    CHECK(config.warnings[0].line == 3);
    CHECK_THAT(to_text(config.warnings[0]),
               Contains("astcti.xml:3: a secret stands in this file; ") && !Contains("canary"));
}

TEST_CASE("a secret in clear in a file that everyone may read is refused", "[config]") {
    const auto text = document("<manager name='pbx1' user='u'\n secret='canary'/>");
    const auto mode = GENERATE(0644U, 0604U, 0666U);
    const auto faults = faults_of(text, mode);
    REQUIRE(faults.size() == 1);
    CHECK(faults[0].line == 3);
    CHECK_THAT(to_text(faults[0]),
               Contains("every user can read") && Contains("chmod") && !Contains("canary"));
}

TEST_CASE("what is wrong in a section is told with its line and what to do", "[config]") {
    struct Row {
        const char* inside; // begins in line 2
        std::size_t line;
        const char* what;
        const char* advice;
    };
    const auto row = GENERATE(values<Row>({
        // Strangers
        {"\n<manger name='x'/>", 3, "<manger> is not known in <astcti>", "did you mean <manager>?"},
        {"<telephone/>", 2, "<telephone> is not known",
         "known here: <ctiserver>, <database>, <logging>, <manager>, <numbers>"},
        {"<listen path='/x'/>", 2, "<listen> is not known", "it belongs into <ctiserver>"},
        {"<ctiserver>\n<manager/></ctiserver>", 3, "<manager> is not known in <ctiserver>",
         "it belongs into <astcti>"},
        {"<logging>\n<x/></logging>", 3, "<x> is not known", "nothing is allowed here"},
        {"<x:logging xmlns:x='urn:other'/>", 2, "<logging> is not known", "did you mean"},
        {"<logging\n\n lvl='info'/>", 4, "<logging> has no attribute lvl", "level"},
        {"<logging\n levle='info'/>", 3, "<logging> has no attribute levle", "did you mean level?"},
        {"<logging xmlns:x='urn:x'\n x:level='info'/>", 3, "<logging> has no attribute x:level",
         ""},
        {"<logging/>\n level: info canary", 1, "there is text in <astcti>", "attributes"},
        {"<logging><![CDATA[debug]]></logging>", 2, "there is text in <logging>", "attributes"},
        // Database
        {"<database/>", 2, "<database> needs the attribute driver", "it must be sqlite"},
        {"<database driver='oracle'/>", 2, "driver of <database> is \"oracle\"", "sqlite or mysql"},
        {"<database driver='sqlite'\n file='astcti.db'/>", 3, "file of <database> is \"astcti.db\"",
         "from the root"},
        {"<database driver='sqlite'/>\n<database driver='sqlite'/>", 3, "a second <database>",
         "line 2"},
        // Logging
        {"<logging level='verbose'/>", 2, "level of <logging> is \"verbose\"",
         "error, warning, notice, info or debug"},
        {"<logging level='Info'/>", 2, "\"Info\"", "info"},
        {"<logging/><logging/>", 2, "a second <logging>", "line 2"},
        // Manager
        {"<manager user='u' secret-credential='c'/>", 2, "<manager> needs the attribute name",
         "a name of your choice"},
        {"<manager name='x' secret-credential='c'/>", 2, "<manager> needs the attribute user",
         "manager.conf"},
        {"<manager name='a:b' user='u' secret-credential='c'/>", 2, "name of <manager> is \"a:b\"",
         "1 to 32"},
        {"<manager name='123456789012345678901234567890123' user='u' secret-credential='c'/>", 2,
         "name of <manager>", "1 to 32"},
        {"<manager name='x'\n port='65536' user='u' secret-credential='c'/>", 3,
         "port of <manager> is \"65536\"", "from 1 to 65535"},
        {"<manager name='x' port='0' user='u' secret-credential='c'/>", 2, "\"0\"",
         "from 1 to 65535"},
        {"<manager name='x' port='-1' user='u' secret-credential='c'/>", 2, "\"-1\"",
         "from 1 to 65535"},
        {"<manager name='x' port='+5038' user='u' secret-credential='c'/>", 2, "\"+5038\"",
         "from 1 to 65535"},
        {"<manager name='x' port='five' user='u' secret-credential='c'/>", 2, "\"five\"",
         "from 1 to 65535"},
        {"<manager name='x' port='' user='u' secret-credential='c'/>", 2, "\"\"",
         "from 1 to 65535"},
        {"<manager name='x' host='a b' user='u' secret-credential='c'/>", 2, "\"a b\"",
         "a host name"},
        {"<manager name='x' user='u&#13;&#10;Action: x' secret-credential='c'/>", 2,
         "user of <manager> is \"u??Action: x\"", "manager.conf"},
        {"<manager name='x' user='' secret-credential='c'/>", 2, "user of <manager> is \"\"", ""},
        {"<manager name='x' user='u' secret='canary&#10;x'/>", 2,
         "secret of <manager> is not valid", "on one line"},
        {"<manager name='x' user='u' secret=''/>", 2, "secret of <manager> is not valid", ""},
        {"<manager name='x' user='u'/>", 2, "<manager> has no secret", "/etc/credstore/astcti.ami"},
        {"<manager name='x' user='u' secret='canary'\n secret-file='/x'/>", 2,
         "both secret and secret-file", "leave secret out"},
        {"<manager name='x' user='u' secret-credential='c'\n secret-file='/x'/>", 3,
         "both secret-credential and secret-file", "leave one of them out"},
        {"<manager name='x' user='u' secret-file='x'/>", 2, "secret-file of <manager> is \"x\"",
         "from the root"},
        // Manager: encryption
        {"<manager name='x' tls='on' user='u' secret-credential='c'/>", 2,
         "tls of <manager> is \"on\"", "yes or no"},
        {"<manager name='x' plain='1' user='u' secret-credential='c'/>", 2,
         "plain of <manager> is \"1\"", "yes or no"},
        {"<manager name='x'\n host='pbx.example.com' user='u' secret-credential='c'/>", 3,
         "the connection to pbx.example.com would not be encrypted", "tls=\"yes\""},
        {"<manager name='x' host='10.0.0.7' tls='no' user='u' secret-credential='c'/>", 2,
         "10.0.0.7 would not be encrypted", "plain=\"yes\""},
        {"<manager name='x' host='2001:db8::7' plain='no' user='u' secret-credential='c'/>", 2,
         "2001:db8::7 would not", "tlsenable=yes"},
        {"<manager name='x' host='127.0.0.1.example.com' user='u' secret-credential='c'/>", 2,
         "would not be encrypted", "tls=\"yes\""},
        {"<manager name='x' tls='yes'\n plain='yes' user='u' secret-credential='c'/>", 3,
         "both tls=\"yes\" and plain=\"yes\"", "leave plain out"},
        {"<manager name='x'\n ca-file='/x' user='u' secret-credential='c'/>", 3,
         "has ca-file but not tls=\"yes\"", "write tls=\"yes\""},
        {"<manager name='x'\n tls-name='x' user='u' secret-credential='c'/>", 3,
         "has tls-name but not tls=\"yes\"", "leave tls-name out"},
        {"<manager name='x' tls='yes' ca-file='ca.pem' user='u' secret-credential='c'/>", 2,
         "ca-file of <manager> is \"ca.pem\"", "from the root"},
        {"<manager name='x' tls='yes' tls-name='a b' user='u' secret-credential='c'/>", 2,
         "tls-name of <manager> is \"a b\"", "the host name"},
        {"<manager name='x' tls='yes' pin='abc' user='u' secret-credential='c'/>", 2,
         "pin of <manager> is \"abc\"", "44 characters of base64"},
        {"<manager name='x' tls='yes' user='u' secret-credential='c'\n tls-name='y' "
         "pin='AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='/>",
         3, "tls-name of <manager> does nothing", "ca-file="},
        // Manager: aliases
        {"<manager name='x' user='u' secret-credential='c'>\n<alias channel='SIP'/></manager>", 3,
         "<alias> needs the attribute device", "that accounts have"},
        {"<manager name='x' user='u' secret-credential='c'>\n<alias device='SIP'/></manager>", 3,
         "<alias> needs the attribute channel", "PJSIP"},
        {"<manager name='x' user='u' secret-credential='c'>"
         "<alias channel='PJSIP/' device='SIP'/></manager>",
         2, "channel of <alias> is \"PJSIP/\"", "letters, digits"},
        {"<manager name='x' user='u' secret-credential='c'>"
         "<alias channel='SIP' device='SIP'/></manager>",
         2, "SIP is itself", "the accounts"},
        {"<manager name='x' user='u' secret-credential='c'><alias channel='A' device='SIP'/>\n"
         "<alias channel='B' device='SIP'/></manager>",
         3, "a second <alias> for device SIP", "name one"},
        {"<manager name='x' user='u'\n secret='canary' secret-credential='c'/>", 3,
         "both secret and secret-credential", "leave secret out"},
        {"<manager name='x' user='u' secret-credential='../shadow'/>", 2, "\"../shadow\"",
         "without directories"},
        {"<manager name='x' user='u' secret-credential='..'/>", 2, "\"..\"", "without directories"},
        {"<manager name='x' user='u' secret-credential='c'/>\n"
         "<manager name='x' user='v' secret-credential='c'/>",
         3, "a second <manager> is named x", "name of its own"},
        {"<manager name='x' user='u' secret-credential='c'>\n<variable name='a b'/></manager>", 3,
         "name of <variable> is \"a b\"", "a dialplan variable"},
        {"<manager name='x' user='u' secret-credential='c'>\n<variable/></manager>", 3,
         "<variable> needs the attribute name", ""},
        // Ctiserver
        {"<ctiserver host-check='off'/>", 2, "host-check of <ctiserver> is \"off\"",
         "warn or enforce"},
        {"<ctiserver/>\n<ctiserver/>", 3, "a second <ctiserver>", "line 2"},
        {"<ctiserver><listen/></ctiserver>", 2, "neither a Unix socket nor a TCP", "path="},
        {"<ctiserver><listen path='/x' port='1'/></ctiserver>", 2, "neither", "either"},
        {"<ctiserver><listen address='127.0.0.1'/></ctiserver>", 2, "neither", "both"},
        {"<ctiserver><listen port='8999'/></ctiserver>", 2, "neither", "both"},
        {"<ctiserver><listen path='x'/></ctiserver>", 2, "path of <listen> is \"x\"", "107 bytes"},
        {"<ctiserver><listen\n address='0.0.0.0' port='1'/></ctiserver>", 3,
         "address of <listen> is \"0.0.0.0\"", "127.0.0.1 or ::1"},
        {"<ctiserver><listen address='::' port='1'/></ctiserver>", 2,
         "\"::\", and this connection is not encrypted", "tls=\"yes\""},
        {"<ctiserver><listen address='localhost' port='1'/></ctiserver>", 2, "\"localhost\"",
         "in digits"},
        {"<ctiserver><listen address='::1' port='70000'/></ctiserver>", 2, "\"70000\"",
         "from 1 to 65535"},
        {"<ctiserver><listen path='/x'/>\n<listen path='/x'/></ctiserver>", 3, "a second <listen>",
         "leave it out"},
        {"<ctiserver><local-users map='all'/></ctiserver>", 2, "map of <local-users> is \"all\"",
         "same-name or listed"},
        {"<ctiserver><local-users/>\n<local-users/></ctiserver>", 3, "a second <local-users>",
         "line 2"},
        {"<ctiserver><local-users><user name='a'/></local-users></ctiserver>", 2,
         "<user> needs the attribute account", "astctictl user list"},
        {"<ctiserver><local-users><user name='a' account='x'/>\n"
         "<user name='a' account='y'/></local-users></ctiserver>",
         3, "a second <user> is named a", "one account"},
        {"<ctiserver><outbound context='a'/></ctiserver>", 2,
         "<outbound> needs the attribute numbers", "_2XX"},
        {"<ctiserver><outbound context='a b' numbers='1'/></ctiserver>", 2, "\"a b\"", "a context"},
        {"<ctiserver><outbound context='a' numbers='2XX'/></ctiserver>", 2, "\"2XX\"", "_2XX"},
        {"<ctiserver><outbound context='a' numbers='_'/></ctiserver>", 2, "\"_\"", "_2XX"},
        {"<ctiserver><outbound context='a' numbers='_.'/></ctiserver>", 2, "\"_.\"", "_2XX"},
        {"<ctiserver><outbound context='a' numbers='_2.2'/></ctiserver>", 2, "\"_2.2\"",
         "at the end"},
        {"<ctiserver><outbound context='a' numbers='_[1-'/></ctiserver>", 2, "\"_[1-\"", "[1-5]"},
        {"<ctiserver><outbound context='a' numbers='1'\n pbx='pbx1'/></ctiserver>\n"
         "<manager name='pbx2' user='u' secret-credential='c'/>",
         3, "no <manager> is named pbx1", "did you mean pbx2?"},
        {"<ctiserver><outbound context='a' numbers='1' pbx='elsewhere'/></ctiserver>", 2,
         "no <manager> is named elsewhere", "leave it out"},
        {"<ctiserver><outbound context='a' numbers='1' pbx='a b'/></ctiserver>", 2,
         "pbx of <outbound> is \"a b\"", "the name of a manager"},
        {"<ctiserver><outbound context='a' numbers='&lt;script&gt;'/></ctiserver>", 2, "<script>",
         "_2XX"},
    }));
    CAPTURE(row.inside);
    const auto faults = faults_of(document(row.inside));
    REQUIRE(faults.size() == 1);
    CHECK(faults[0].line == row.line);
    CHECK_THAT(faults[0].what, Contains(row.what));
    CHECK_THAT(faults[0].advice, Contains(row.advice));
    CHECK_THAT(to_text(faults[0]),
               !Contains("canary") && !Contains("urn:astcti") && !Contains("\n"));
}

TEST_CASE("a file that is no configuration at all is told with its line", "[config]") {
    struct Row {
        std::string text;
        std::size_t line;
        const char* told;
    };
    const auto row = GENERATE(values<Row>({
        {"", 1, "well-formed"},
        {"port = 5038\n", 1, "well-formed"},
        {"<astcti xmlns='urn:astcti:config:1'>\n<logging>\n</astcti>\n", 3, "well-formed"},
        {"<astcti xmlns='urn:astcti:config:1'>\n<logging level='a' level='b'/></astcti>", 2,
         "well-formed"},
        {"<astcti xmlns='urn:astcti:config:1'>\n&unknown;</astcti>", 2, "well-formed"},
        {"<astcti xmlns='urn:astcti:config:1'>\n<logging level='\xFF'/></astcti>", 2,
         "well-formed"},
        {"\n\n<astcti/>", 3, "<astcti xmlns=\"urn:astcti:config:1\">"},
        {"<configuration/>", 1, "it must begin with <astcti"},
        {"<astcti xmlns='urn:astcti:config:2'/>", 1, "urn:astcti:config:1"},
        {std::string("<astcti\0/>", 10), 0, "UTF-8"},
        {"<?xml version='1.0' encoding='ISO-8859-15'?><astcti xmlns='urn:astcti:config:1'/>", 1,
         "UTF-8"},
    }));
    CAPTURE(row.text);
    const auto faults = faults_of(row.text);
    REQUIRE(!faults.empty());
    CHECK(faults[0].line == row.line);
    CHECK_THAT(to_text(faults[0]), Contains(row.told));
}

TEST_CASE("a DOCTYPE is refused, whatever it would declare", "[config]") {
    const TempDir directory;
    const auto secret = directory.write("secret", "canary");
    const auto doctype = GENERATE_COPY(as<std::string>{}, "<!DOCTYPE astcti>",
                                       "<!DOCTYPE astcti SYSTEM 'http://127.0.0.1:1/x.dtd'>",
                                       "<!DOCTYPE astcti [<!ENTITY a 'debug'>]>",
                                       "<!DOCTYPE astcti [<!ENTITY a SYSTEM '" + secret + "'>]>");
    CAPTURE(doctype);
    const auto faults = faults_of("<?xml version='1.0'?>\n" + doctype +
                                  "<astcti xmlns='urn:astcti:config:1'><logging level='&a;'/>"
                                  "</astcti>");
    REQUIRE(faults.size() == 1);
    CHECK(faults[0].line == 2);
    CHECK_THAT(to_text(faults[0]), Contains("DOCTYPE") && !Contains("canary"));
}

TEST_CASE("all faults of a file are told at once, in the order of their lines", "[config]") {
    const auto faults = faults_of(document("<database driver='oracle'/>\n"
                                           "<manger/>\n"
                                           "<manager name='x'\n"
                                           "  port='70000'\n"
                                           "  usr='ctimanager'/>\n"
                                           "<ctiserver><listn/>\n"
                                           "  <listen/></ctiserver>\n"
                                           "<logging level='x'/>"));
    std::vector<std::size_t> lines;
    for (const auto& fault : faults)
        lines.push_back(fault.line);
    CHECK(lines == std::vector<std::size_t>{2, 3, 4, 4, 5, 6, 7, 8, 9});
}

TEST_CASE("of very many faults the first are told and the others counted", "[config]") {
    std::string inside;
    for (std::size_t i = 0; i < max_faults + 7; ++i)
        inside += "<x/>\n";
    const auto faults = faults_of(document(inside));
    REQUIRE(faults.size() == max_faults + 1);
    CHECK(faults.back().what == "and 7 more");
}

TEST_CASE("a file longer than the limit is refused, one of just that size is read", "[config]") {
    auto text = document("");
    text.insert(text.find('\n') + 1, max_config_size - text.size(), '\n');
    CHECK_NOTHROW(read(text));
    const auto faults = faults_of(text + "\n");
    REQUIRE(faults.size() == 1);
    CHECK_THAT(faults[0].what, Contains("more than 262144 bytes"));
}

TEST_CASE("so many variables are taken and no more", "[config]") {
    std::string inside = "<manager name='x' user='u' secret-credential='c'>\n";
    for (std::size_t i = 0; i < max_variables; ++i)
        inside += "<variable name='v" + std::to_string(i) + "'/>\n";
    CHECK(read(document(inside + "</manager>")).managers.at(0).variables.size() == max_variables);
    const auto faults = faults_of(document(inside + "<variable name='w'/></manager>"));
    REQUIRE(faults.size() == 1);
    CHECK(faults[0].line == 3 + max_variables);
    CHECK_THAT(faults[0].what, Contains("more than 8"));
}

TEST_CASE("a socket's path may be as long as the system's address and no longer", "[config]") {
    constexpr auto longest = sizeof(sockaddr_un::sun_path) - 1;
    const auto listen = [](std::size_t size) {
        return document("<ctiserver><listen path='/" + std::string(size - 1, 'x') +
                        "'/></ctiserver>");
    };
    CHECK(read(listen(longest)).ctiserver.listen.at(0).path.size() == longest);
    CHECK(faults_of(listen(longest + 1)).size() == 1);
}

TEST_CASE("patterns of the dialplan are taken as they are", "[config]") {
    const auto numbers = GENERATE(as<std::string>{}, "100", "*43", "+390612345", "_2XX", "_X.",
                                  "_0[1-9]X!", "_[24-68]ZN", "_+39X.");
    CAPTURE(numbers);
    const auto config =
        read(document("<ctiserver><outbound context='a' numbers='" + numbers + "'/></ctiserver>"));
    CHECK(config.ctiserver.outbound.at(0).numbers == numbers);
}

TEST_CASE("a file that cannot be read says which and why", "[config]") {
    const TempDir directory;
    const auto error_of = [](const std::string& file) -> std::string {
        try {
            read_config(file);
            return "no error";
        } catch (const ConfigError& e) {
            return e.what();
        }
    };
    CHECK_THAT(error_of(directory.path("missing.xml")),
               Contains("missing.xml: there is no such file; ") && Contains("--config"));
    CHECK_THAT(error_of(directory.path()), Contains("is not a regular file"));
    CHECK_THAT(error_of("/dev/null"), Contains("is not a regular file"));
}

TEST_CASE("names of log levels are read exactly", "[config]") {
    CHECK(read_log_level("error") == LogLevel::error);
    CHECK(read_log_level("warning") == LogLevel::warning);
    CHECK(read_log_level("notice") == LogLevel::notice);
    CHECK(read_log_level("debug") == LogLevel::debug);
    CHECK_FALSE(read_log_level("").has_value());
    CHECK_FALSE(read_log_level("err").has_value());
    CHECK_FALSE(read_log_level("INFO").has_value());
}
