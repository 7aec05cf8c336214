// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/link/server_address.hpp"
#include "tests/support/catch.hpp"

using namespace astcti::link;

TEST_CASE("an address of a server is read as it was written", "[link]") {
    CHECK(read_server_address("unix:/run/astcti.socket") ==
          ServerAddress(UnixAddress{"/run/astcti.socket"}));
    CHECK(read_server_address("tcp://pbx.example.org:8999") ==
          ServerAddress(TcpAddress{"pbx.example.org", 8999}));
    CHECK(read_server_address("tcp://[::1]:8999") == ServerAddress(TcpAddress{"::1", 8999}));
    CHECK(read_server_address("tls://pbx.example.org") ==
          ServerAddress(TcpAddress{"pbx.example.org", 8998, true}));
    CHECK(read_server_address("tls://[2001:db8::1]:443") ==
          ServerAddress(TcpAddress{"2001:db8::1", 443, true}));
    CHECK(read_server_address("tcp://localhost") == ServerAddress(TcpAddress{"localhost", 8999}));
    CHECK(read_server_address("tls://[::1]") == ServerAddress(TcpAddress{"::1", 8998, true}));
    CHECK(read_server_address(default_server));
    for (const auto* text : {"unix:/run/astcti.socket", "tcp://127.0.0.1:8999", "tcp://[::1]:1",
                             "tls://pbx.example.org:8998"})
        CHECK(to_text(*read_server_address(text)) == text);
}

TEST_CASE("anything else is no address", "[link]") {
    const auto text = GENERATE(
        as<std::string>{}, "", "unix:", "unix:relative", "/run/astcti.socket", "unix:/a\nb",
        "unix:/\xff", "unix:/" + std::string(200, 'a'), "tcp://", "tls://", "tls://:1",
        "tls://[::1", "tls://[::1]8998", "tls://[]", "TLS://host", "tls://host/", "tls://a@b",
        "tcp://host:", "tcp://host:0", "tcp://host:65536", "tcp://host:-1", "tcp://host:80x",
        "tcp://:80", "tcp://[]:80", "tcp://[::1:80", "tcp://::1:80", "tcp://user@host:80",
        "tcp://a b:80", "http://host:80", "tcp:host:80");
    CAPTURE(text);
    CHECK_FALSE(read_server_address(text));
}
