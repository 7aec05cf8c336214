// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/config/config.hpp"
#include "tests/daemon/config/reading.hpp"

using namespace astcti::config;
using Catch::Contains;

TEST_CASE("other machines are listened to by TLS, or where nobody else listens", "[config]") {
    const auto config = read(document(R"(<ctiserver>
        <listen address="0.0.0.0" port="8998" tls="yes"/>
        <listen address="::" port="8999"/>
        <network address="2001:db8::/32"/>
        <network address="10.0.0.7" plain="yes"/>
    </ctiserver>)"));
    CHECK(config.ctiserver.listen ==
          std::vector<Listen>{{"", "0.0.0.0", 8998, true}, {"", "::", 8999}});
    REQUIRE(config.ctiserver.networks.size() == 2);
    CHECK_FALSE(config.ctiserver.networks[0].plain);
    CHECK(config.ctiserver.networks[1].plain);
    CHECK_FALSE(config.ctiserver.tls);
}

TEST_CASE("what cannot be listened to is told", "[config]") {
    struct Row {
        std::string inside;
        std::string what;
        std::string advice;
    };
    const auto row = GENERATE(values<Row>({
        {"<network address='10.0.0.0/8'/><listen address='0.0.0.0' port='1'/>", "not encrypted",
         "plain=\"yes\""},
        {"<listen path='/x' tls='yes'/>", "a Unix socket is not encrypted", "leave tls= out"},
        {"<listen address='10.0.0.0/8' port='1' tls='yes'/>", "\"10.0.0.0/8\"", "in digits"},
        {"<network address='10.0.0.0/33'/>", "\"10.0.0.0/33\"", "192.168.20.0/24"},
        {"<network address='::/129'/>", "\"::/129\"", "192.168.20.0/24"},
        {"<network address='10.0.0.0/'/>", "\"10.0.0.0/\"", "192.168.20.0/24"},
        {"<network address='office'/>", "\"office\"", "192.168.20.0/24"},
        {"<network plain='yes'/>", "<network> needs the attribute address", ""},
        {"<tls key-file='/x'/>", "<tls> needs the attribute certificate-file", ""},
        {"<tls certificate-file='/x' key-file='y'/>", "key-file of <tls>", "from the root"},
        {"<rules/>", "<rules> needs the attribute file", "the path of a file of rules"},
        {"<rules file='rules.xml'/>", "file of <rules>", "from the root"},
        {"<rules file='/a'/><rules file='/b'/>", "a second <rules>", "line 2"},
    }));
    CAPTURE(row.inside);
    const auto faults = faults_of(document("<ctiserver>" + row.inside + "</ctiserver>"));
    REQUIRE(faults.size() == 1);
    CHECK_THAT(faults[0].what, Contains(row.what));
    CHECK_THAT(faults[0].advice, Contains(row.advice));
}
