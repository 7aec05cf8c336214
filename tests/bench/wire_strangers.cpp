// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/wire_strangers.hpp"

#include "tests/bench/wire_client.hpp"

#include <array>
#include <csignal>
#include <openssl/bio.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <string>
#include <string_view>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <tuple>
#include <unistd.h>
#include <vector>

namespace astcti::bench {
namespace {

template <typename Work>
pid_t run(Work&& work) {
    const pid_t process = ::fork();
    if (process != 0)
        return check(process, "fork");
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    std::ignore = ::nice(19);
    work();
    ::_exit(1);
}

// Of the server that has no room left, or none for this address: there is one less.
int connect_from(unsigned number, std::uint16_t port, std::string_view said) {
    constexpr unsigned first = 256;
    constexpr unsigned addresses = 60000;
    const int fd = check(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
    auto from = loopback(0);
    from.sin_addr.s_addr = htonl(INADDR_LOOPBACK + first + number % addresses);
    const auto to = loopback(port);
    if (::bind(fd, reinterpret_cast<const sockaddr*>(&from), sizeof from) == 0 &&
        ::connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0)
        std::ignore = ::send(fd, said.data(), said.size(), MSG_NOSIGNAL);
    return fd;
}

void read_to_the_end(int fd) {
    std::array<char, 4096> buffer;
    while (::recv(fd, buffer.data(), buffer.size(), 0) > 0) {
    }
}

[[noreturn]] void guess(std::uint16_t port) {
    constexpr std::size_t at_once = 100;
    // NUL user1 NUL wrong
    constexpr std::string_view words = "HELO 2\nAUTH PLAIN AHVzZXIxAHdyb25n\nQUIT\n";
    std::array<int, at_once> sockets{};
    sockets.fill(-1);
    for (unsigned number = 0;; ++number) {
        auto& fd = sockets.at(number % at_once);
        if (fd >= 0) {
            read_to_the_end(fd);
            ::close(fd);
        }
        fd = connect_from(number, port, words);
    }
}

std::string client_hello() {
    SSL* const tls = SSL_new(client_tls());
    BIO* const sent = BIO_new(BIO_s_mem());
    SSL_set_bio(tls, BIO_new(BIO_s_mem()), sent); // they are its own
    SSL_connect(tls);
    const char* bytes = nullptr;
    const auto size = BIO_get_mem_data(sent, &bytes);
    std::string hello(bytes, static_cast<std::size_t>(size));
    SSL_free(tls);
    return hello;
}

[[noreturn]] void begin(std::uint16_t port) {
    constexpr unsigned at_once = 500;
    const auto hello = client_hello();
    unsigned number = 0;
    std::vector<pollfd> sockets;
    while (number < at_once)
        sockets.push_back({connect_from(number++, port, hello), POLLIN, 0});
    for (;;) {
        ::poll(sockets.data(), sockets.size(), -1);
        for (auto& socket : sockets) {
            std::array<char, 4096> buffer;
            if (socket.revents == 0 || ::recv(socket.fd, buffer.data(), buffer.size(), 0) > 0)
                continue;
            ::close(socket.fd);
            socket.fd = connect_from(number++, port, hello);
        }
    }
}

} // namespace

pid_t guess_passwords(std::uint16_t port) {
    return run([port] { guess(port); });
}

pid_t begin_handshakes(std::uint16_t port) {
    return run([port] { begin(port); });
}

void end(pid_t stranger) {
    ::kill(stranger, SIGKILL);
    ::waitpid(stranger, nullptr, 0);
}

} // namespace astcti::bench
