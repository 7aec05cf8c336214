// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/config/config.hpp"
#include "tests/daemon/config/reading.hpp"
#include "tests/support/catch.hpp"

using namespace astcti::config;
using Catch::Matchers::Contains;

namespace {

std::string manager(const std::string& attributes, const std::string& inside = "") {
    return document("<manager name='pbx1' user='u' secret-credential='c' " + attributes + ">" +
                    inside + "</manager>");
}

Manager read_one(const std::string& attributes, const std::string& inside = "") {
    return read(manager(attributes, inside)).managers.at(0);
}

} // namespace

TEST_CASE("without a word of it there is no TLS", "[config]") {
    const auto attributes = GENERATE(as<std::string>{}, "", "tls='no'", "host='localhost'",
                                     "host='127.1.2.3'", "host='::1' tls='no'");
    CAPTURE(attributes);
    const auto config = read(manager(attributes));
    CHECK_FALSE(config.managers.at(0).tls);
    CHECK(config.managers.at(0).port == 5038);
    CHECK(config.warnings.empty());
}

TEST_CASE("TLS has a port of its own, and the host's name", "[config]") {
    const auto pbx = read_one("host='pbx.example.com' tls='yes'");
    REQUIRE(pbx.tls);
    CHECK(pbx.port == 5039);
    CHECK(pbx.tls->name == "pbx.example.com");
    CHECK(pbx.tls->ca_file.empty());
    CHECK(pbx.tls->pin.empty());
    CHECK(read_one("tls='yes' port='5040'").port == 5040);
    CHECK(read_one("tls='yes'").tls->name == "127.0.0.1");
}

TEST_CASE("a PBX may prove who it is by another name, an authority's file and a key", "[config]") {
    const auto pbx = read_one("host='10.0.0.7' tls='yes' tls-name='pbx' ca-file='/etc/ca.pem' "
                              "pin='AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8='");
    REQUIRE(pbx.tls);
    CHECK(pbx.host == "10.0.0.7");
    CHECK(pbx.tls->name == "pbx");
    CHECK(pbx.tls->ca_file == "/etc/ca.pem");
    CHECK(pbx.tls->pin.size() == 32);
}

TEST_CASE("a pin is the same in base64 and in digits", "[config]") {
    const auto pin = GENERATE(as<std::string>{}, "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHv8=",
                              "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1eff",
                              "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1EFF");
    std::string bytes;
    for (char c = 0; c < 31; ++c)
        bytes += c;
    CHECK(read_one("tls='yes' pin='" + pin + "'").tls->pin == bytes + "\xff");
}

TEST_CASE("in clear to another machine it goes only if that is said, and with a warning",
          "[config]") {
    const auto config = read(manager("host='10.0.0.7'\n plain='yes'"));
    CHECK_FALSE(config.managers.at(0).tls);
    CHECK(config.managers.at(0).port == 5038);
    REQUIRE(config.warnings.size() == 1);
    CHECK(config.warnings[0].line == 3);
    CHECK_THAT(to_text(config.warnings[0]), Contains("10.0.0.7 is not encrypted"));
}

TEST_CASE("a secret's file is taken as it is", "[config]") {
    const auto config = read(document("<manager name='x' user='u' secret-file='/etc/ami'/>"));
    CHECK(config.managers.at(0).secret_file == "/etc/ami");
    CHECK(config.warnings.empty());
}

TEST_CASE("aliases and variables may come in any order", "[config]") {
    const auto pbx = read_one("", "<variable name='a'/><alias channel='PJSIP' device='SIP'/>"
                                  "<variable name='b'/><alias channel='PJSIP' device='IAX2'/>");
    CHECK(pbx.aliases == std::vector<Alias>{{"PJSIP", "SIP"}, {"PJSIP", "IAX2"}});
    CHECK(pbx.variables == std::vector<std::string>{"a", "b"});
}

TEST_CASE("so many aliases are taken and no more", "[config]") {
    std::string inside;
    for (std::size_t i = 0; i < max_aliases; ++i)
        inside += "<alias channel='PJSIP' device='T" + std::to_string(i) + "'/>\n";
    CHECK(read_one("", inside).aliases.size() == max_aliases);
    const auto faults = faults_of(manager("", inside + "<alias channel='PJSIP' device='U'/>"));
    REQUIRE(faults.size() == 1);
    CHECK(faults[0].line == 2 + max_aliases);
    CHECK_THAT(faults[0].what, Contains("more than 8 <alias>es"));
}

TEST_CASE("what may be dialled may be dialled on one PBX only, named before or after", "[config]") {
    const auto config = read(document("<ctiserver><outbound context='a' numbers='1' pbx='pbx2'/>"
                                      "<outbound context='a' numbers='2'/></ctiserver>"
                                      "<manager name='pbx2' user='u' secret-credential='c'/>"));
    CHECK(config.ctiserver.outbound.at(0).pbx == "pbx2");
    CHECK(config.ctiserver.outbound.at(1).pbx.empty());
}
