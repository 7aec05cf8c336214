// SPDX-License-Identifier: GPL-3.0-or-later
// The file that is installed.
#include "daemon/config/config.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

#include <fstream>
#include <sstream>

using namespace astcti::config;
using astcti::test::TempDir;

namespace {

constexpr const char* default_file = ASTCTI_SOURCE_DIR "/xml/astcti.xml";

std::string default_text() {
    std::ostringstream text;
    text << std::ifstream(default_file).rdbuf();
    return text.str();
}

} // namespace

TEST_CASE("the default configuration is valid and knows no PBX", "[config]") {
    const auto config = read_config(default_file);
    CHECK(config.managers.empty());
    CHECK(config.warnings.empty());
    CHECK(config.database.file == "/var/lib/astcti/astcti.db");
    CHECK(config.logging.level == LogLevel::info);
    CHECK_FALSE(config.numbers.configured());
    CHECK(config.ctiserver.listen.empty());
    CHECK(config.ctiserver.outbound.empty());
    CHECK(config.ctiserver.rules_file.empty());
    CHECK_FALSE(config.ctiserver.enforce_host);
    CHECK(config.ctiserver.local_users.account_of("anna") == "anna");
}

TEST_CASE("the examples in the default configuration are valid once enabled", "[config]") {
    auto text = default_text();
    for (const std::string name :
         {"manager", "numbers", "listen", "tls", "network", "user", "rules", "outbound"})
        for (const auto& line : {"<!-- Enable: " + name + "\n", "Enable: " + name + " -->\n"}) {
            const auto at = text.find(line);
            REQUIRE(at != text.npos);
            text.erase(at, line.size());
        }
    REQUIRE(text.find("Enable:") == text.npos);

    const TempDir directory;
    const auto config = read_config(directory.write("astcti.xml", text, 0644));
    REQUIRE(config.managers.size() == 1);
    CHECK(config.managers[0].name == "pbx1");
    CHECK(config.managers[0].host == "127.0.0.1");
    CHECK(config.managers[0].port == 5038);
    CHECK(config.managers[0].user == "ctimanager");
    CHECK(config.managers[0].secret.empty());
    CHECK(config.managers[0].secret_credential == "astcti.ami");
    CHECK(config.managers[0].variables == std::vector<std::string>{"calldata"});
    CHECK(config.numbers ==
          astcti::protocol::NumberRules{"39", "00", "0", true, "", 6, 10, {"riservato"}});
    CHECK(config.ctiserver.listen ==
          std::vector<Listen>{{"/run/astcti/further.socket", "", 0}, {"", "127.0.0.1", 9000}});
    REQUIRE(config.ctiserver.tls);
    CHECK(config.ctiserver.tls->certificate == "/etc/astcti/server.pem");
    CHECK(config.ctiserver.tls->key == "/etc/astcti/server.key");
    REQUIRE(config.ctiserver.networks.size() == 1);
    CHECK(config.ctiserver.networks[0].address == "192.168.20.0/24");
    CHECK_FALSE(config.ctiserver.networks[0].plain);
    CHECK(config.ctiserver.local_users.account_of("anna") == "a.rossi");
    CHECK(config.ctiserver.rules_file == "/etc/astcti/rules.xml");
    REQUIRE(config.ctiserver.outbound.size() == 1);
    CHECK(config.ctiserver.outbound[0].context == "from-internal");
    CHECK(config.ctiserver.outbound[0].numbers == "_2XX");
}
