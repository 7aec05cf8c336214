// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/accounts/host.hpp"
#include "tests/support/catch.hpp"

using namespace astcti::accounts;

TEST_CASE("an empty HOST and 0.0.0.0 are anywhere", "[accounts]") {
    for (const auto* host : {"", "0.0.0.0"})
        for (const auto* peer : {"", "10.0.0.7", "2001:db8::7", "not an address"})
            CHECK(match_host(host, peer) == HostMatch::inside);
}

TEST_CASE("a HOST is an address or a network that the peer must be in", "[accounts]") {
    struct Row {
        const char* host;
        const char* peer;
        HostMatch expected;
    };
    using enum HostMatch;
    const auto row = GENERATE(values<Row>({
        {"10.0.0.7", "10.0.0.7", inside},
        {"10.0.0.7", "::ffff:10.0.0.7", inside},
        {"10.0.0.7", "10.0.0.70", outside},
        {"10.0.0.7", "10.0.0.8", outside},
        {"10.0.0.7", "", outside},
        {"10.0.0.7", "2001:db8::7", outside},
        {"192.168.20.0/24", "192.168.20.255", inside},
        {"192.168.20.77/24", "192.168.20.1", inside},
        {"192.168.20.0/24", "192.168.21.0", outside},
        {"192.168.20.0/23", "192.168.21.0", inside},
        {"192.168.20.0/23", "192.168.22.0", outside},
        {"10.0.0.7/32", "10.0.0.7", inside},
        {"10.0.0.7/31", "10.0.0.6", inside},
        {"10.0.0.7/32", "10.0.0.6", outside},
        {"0.0.0.0/0", "8.8.8.8", inside},
        {"0.0.0.0/0", "2001:db8::7", outside},
        {"2001:db8::/32", "2001:db8:ffff::1", inside},
        {"2001:db8::/32", "2001:db9::1", outside},
        {"2001:db8::7", "2001:0db8:0:0::7", inside},
        {"2001:db8::7/128", "2001:db8::8", outside},
        {"::/0", "2001:db8::7", inside},
        {"fe80::1", "fe80::1%eth0", inside},
        // A Unix socket is this machine, by both addresses.
        {"127.0.0.1", "", inside},
        {"127.0.0.0/8", "", inside},
        {"::1", "", inside},
        // What the kernel would never say is nowhere.
        {"10.0.0.7", "10.0.0.7 ", outside},
        {"10.0.0.0/8", "pbx.example.org", outside},
        // What nobody can make sense of lets nobody in.
        {"desk-12", "10.0.0.7", unreadable},
        {"%", "10.0.0.7", unreadable},
        {" ", "10.0.0.7", unreadable},
        {"10.0.0", "10.0.0.7", unreadable},
        {"10.0.0.7 ", "10.0.0.7", unreadable},
        {"10.0.0.7/", "10.0.0.7", unreadable},
        {"10.0.0.7/33", "10.0.0.7", unreadable},
        {"10.0.0.7/-1", "10.0.0.7", unreadable},
        {"10.0.0.7/24x", "10.0.0.7", unreadable},
        {"10.0.0.7/99999999999999999999", "10.0.0.7", unreadable},
        {"10.0.0.7/255.255.255.0", "10.0.0.7", unreadable},
        {"2001:db8::/129", "2001:db8::7", unreadable},
        {"/24", "10.0.0.7", unreadable},
    }));
    CAPTURE(row.host, row.peer);
    CHECK(match_host(row.host, row.peer) == row.expected);
}

TEST_CASE("a NUL does not end an address", "[accounts]") {
    CHECK(match_host(std::string_view("10.0.0.7\0x", 10), "10.0.0.7") == HostMatch::unreadable);
    CHECK(match_host("10.0.0.7", std::string_view("10.0.0.7\0x", 10)) == HostMatch::outside);
}
