// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/net/connector.hpp"
#include "daemon/net/listener.hpp"
#include "tests/support/loop.hpp"
#include "tests/support/temp_dir.hpp"

#include <fcntl.h>
#include <filesystem>
#include <stdexcept>
#include <sys/un.h>
#include <system_error>

using namespace astcti;

TEST_CASE("addresses are read and written in digits", "[net]") {
    CHECK(net::ip_address("127.0.0.1", 5038)->to_string() == "127.0.0.1:5038");
    CHECK(net::ip_address("::1", 8999)->to_string() == "[::1]:8999");
    CHECK(net::ip_address("127.9.9.9", 1)->is_loopback());
    CHECK(net::ip_address("::1", 1)->is_loopback());
    CHECK(net::ip_address("::ffff:127.0.0.1", 1)->is_loopback());
    CHECK(net::ip_address("::ffff:10.0.0.7", 1)->host() == "10.0.0.7");
    CHECK_FALSE(net::ip_address("10.0.0.7", 1)->is_loopback());
    CHECK_FALSE(net::ip_address("2001:db8::1", 1)->is_loopback());
    CHECK_FALSE(net::ip_address("localhost", 1));
    CHECK_FALSE(net::ip_address("127.0.0.256", 1));
    CHECK(net::unix_address(std::string(107, 'x')));
    CHECK_FALSE(net::unix_address(std::string(108, 'x')));
    CHECK_FALSE(net::unix_address(""));
}

TEST_CASE("a host that does not exist says so", "[net]") {
    CHECK_THROWS_WITH(net::resolve("no such host", 1),
                      Catch::Contains("cannot look up no such host"));
    CHECK(net::resolve("127.0.0.1", 7).front().to_string() == "127.0.0.1:7");
}

TEST_CASE("a connector finds the first address that answers", "[net]") {
    event::Loop loop;
    auto dead = net::open_listener(*net::ip_address("127.0.0.1", 0));
    const auto closed = dead.address;
    dead.fd.reset();
    int accepted = 0;
    net::Listener listener(loop, net::open_listener(*net::ip_address("127.0.0.1", 0)),
                           [&](base::UniqueFd, const net::Address&) { ++accepted; });
    base::UniqueFd connected;
    std::string why;
    bool finished = false;
    net::Connector connector(loop, [&](base::UniqueFd fd, const std::string& reason) {
        connected = std::move(fd);
        why = reason;
        finished = true;
    });

    SECTION("the second") {
        connector.connect({closed, listener.address()});
        test::run_until(loop, [&] { return finished && accepted == 1; });
        CHECK(connected);
    }
    SECTION("none") {
        connector.connect({closed});
        test::run_until(loop, [&] { return finished; });
        CHECK_FALSE(connected);
        CHECK(why == closed.to_string() + ": Connection refused");
    }
    SECTION("not even an address") {
        connector.connect({});
        test::run_until(loop, [&] { return finished; });
        CHECK(why == "it has no address");
    }
    SECTION("begun anew in the middle") {
        connector.connect({listener.address()});
        connector.connect({listener.address()});
        test::run_until(loop, [&] { return finished; });
        CHECK(connected);
    }
}

TEST_CASE("a socket's file is taken over from the dead, not from the living", "[net]") {
    const test::TempDir directory;
    const auto address = *net::unix_address(directory.path("s"));
    event::Loop loop;
    {
        auto left_behind = net::open_listener(address);
        left_behind.fd.reset();
        REQUIRE(std::filesystem::exists(directory.path("s")));
    }
    {
        const net::Listener listener(loop, net::open_listener(address), [](auto, auto) {});
        CHECK_THROWS_WITH(net::open_listener(address), Catch::Contains("Address already in use"));
    }
    CHECK_FALSE(std::filesystem::exists(directory.path("s")));
}

TEST_CASE("a file that is no socket is left alone", "[net]") {
    const test::TempDir directory;
    std::filesystem::create_directory(directory.path("s"));
    CHECK_THROWS_AS(net::open_listener(*net::unix_address(directory.path("s"))), std::system_error);
    CHECK(std::filesystem::exists(directory.path("s")));
}

TEST_CASE("only a listening socket is adopted", "[net]") {
    const int plain = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK_THROWS_AS(net::adopt_listener(plain), std::system_error);
    auto opened = net::open_listener(*net::ip_address("127.0.0.1", 0));
    const auto where = opened.address.to_string();
    const int copy = ::dup(opened.fd.get());
    CHECK(net::adopt_listener(copy).address.to_string() == where);
}

TEST_CASE("a socket that systemd passed, which blocks, does not block the loop", "[net]") {
    event::Loop loop;
    auto opened = net::open_listener(*net::ip_address("127.0.0.1", 0));
    const auto address = opened.address;
    const int passed = ::dup(opened.fd.get());
    REQUIRE(::fcntl(passed, F_SETFL, 0) == 0);
    int accepted = 0;
    const net::Listener listener(loop, net::adopt_listener(passed),
                                 [&](base::UniqueFd, const net::Address&) { ++accepted; });
    base::UniqueFd client;
    net::Connector connector(
        loop, [&](base::UniqueFd fd, const std::string&) { client = std::move(fd); });
    connector.connect({address});
    test::run_until(loop, [&] { return client && accepted == 1; });
    CHECK(accepted == 1);
}
