// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/base/unique_fd.hpp"
#include "daemon/net/receive_buffer.hpp"
#include "tests/support/catch.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

using namespace astcti;

namespace {

int room_of(int fd) {
    int size = 0;
    socklen_t length = sizeof size;
    ::getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, &length);
    return size;
}

} // namespace

TEST_CASE("a buffer is asked for only where it is larger than the kernel's own", "[net]") {
    constexpr std::size_t wanted = 4 << 20;
    CHECK_FALSE(net::enlarges(wanted, "212992\n", "4096\t131072\t6291456\n")); // Debian 12
    CHECK(net::enlarges(wanted, "4194304\n", "4096\t131072\t6291456\n"));
    CHECK_FALSE(net::enlarges(wanted, "16777216\n", "4096\t131072\t16777216\n"));
    CHECK(net::enlarges(wanted, "212992\n", "4096\t131072\t262144\n"));
    CHECK_FALSE(net::enlarges(wanted, "", "4096\t131072\t6291456\n"));
    CHECK_FALSE(net::enlarges(wanted, "4194304\n", ""));
    CHECK_FALSE(net::enlarges(wanted, "x", "y"));
}

TEST_CASE("a socket never has less room than before", "[net]") {
    const base::UniqueFd fd(::socket(AF_INET, SOCK_STREAM, 0));
    const auto before = room_of(fd.get());
    REQUIRE(before > 0);
    net::set_receive_buffer(fd.get(), 4 << 20);
    CHECK(room_of(fd.get()) >= before);
}
