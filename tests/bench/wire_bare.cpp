// SPDX-License-Identifier: GPL-3.0-or-later
// What astctid is compared with: servers that do nothing but move bytes.
//   wire_bare greet           greets whoever comes, in clear
//   wire_bare greet CERT KEY  by TLS
//   wire_bare relay           sends what the first connection sends to the second
// Prints "port N" when it listens; ends with its standard input.
#include "tests/bench/wire_socket.hpp"

#include <array>
#include <cstdio>
#include <fmt/format.h>
#include <map>
#include <memory>
#include <openssl/ssl.h>
#include <string_view>
#include <vector>

using namespace astcti::bench;

namespace {

constexpr std::string_view greeting = "100 CTISERVER WELCOME\n";

struct Free {
    void operator()(SSL* tls) const noexcept { SSL_free(tls); }
};

struct Connection {
    int fd = -1;
    std::unique_ptr<SSL, Free> tls;
};

class Bare {
public:
    Bare(SSL_CTX* context, bool relay) : context_(context), relay_(relay) {
        watch(epoll_, listener_, nullptr);
        watch(epoll_, STDIN_FILENO, this);
        fmt::print("port {}\n", port_of(listener_));
        std::fflush(stdout);
    }

    void run() {
        std::array<epoll_event, 256> events;
        for (;;) {
            const int count = ::epoll_wait(epoll_, events.data(), events.size(), -1);
            for (int i = 0; i < count; ++i) {
                auto* const what = events[static_cast<std::size_t>(i)].data.ptr;
                if (what == this)
                    return;
                if (!what)
                    accept();
                else
                    ready(*static_cast<Connection*>(what));
            }
        }
    }

private:
    void accept() {
        for (;;) {
            const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
            if (fd < 0)
                return;
            no_delay(fd);
            auto& connection = *connections_.emplace_back(std::make_unique<Connection>());
            connection.fd = fd;
            watch(epoll_, fd, &connection);
            if (context_) {
                connection.tls.reset(SSL_new(context_));
                SSL_set_fd(connection.tls.get(), fd);
                SSL_set_accept_state(connection.tls.get());
            } else if (!relay_) {
                send_all(fd, greeting);
            }
        }
    }

    void ready(Connection& connection) {
        if (connection.tls) {
            if (!SSL_is_init_finished(connection.tls.get())) {
                if (SSL_do_handshake(connection.tls.get()) == 1)
                    SSL_write(connection.tls.get(), greeting.data(),
                              static_cast<int>(greeting.size()));
                return;
            }
            char byte = 0;
            if (SSL_read(connection.tls.get(), &byte, 1) <= 0)
                leave(connection);
            return;
        }
        std::array<char, 65536> buffer;
        const auto count = ::recv(connection.fd, buffer.data(), buffer.size(), 0);
        if (count <= 0)
            leave(connection);
        else if (relay_ && connections_.size() > 1)
            send_all(connections_[1]->fd, {buffer.data(), static_cast<std::size_t>(count)});
    }

    void leave(Connection& connection) {
        connection.tls.reset();
        if (connection.fd >= 0)
            ::close(connection.fd);
        connection.fd = -1;
    }

    int epoll_ = check(::epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
    int listener_ = listen_on(0);
    SSL_CTX* context_;
    bool relay_;
    std::vector<std::unique_ptr<Connection>> connections_;
};

} // namespace

int main(int argc, char** argv) {
    const std::string_view what = argc > 1 ? argv[1] : "";
    SSL_CTX* context = nullptr;
    if (argc == 4) {
        context = SSL_CTX_new(TLS_server_method());
        // As astctid has them.
        SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
        SSL_CTX_set_num_tickets(context, 0);
        SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
        SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
        SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
        if (SSL_CTX_use_certificate_chain_file(context, argv[2]) != 1 ||
            SSL_CTX_use_PrivateKey_file(context, argv[3], SSL_FILETYPE_PEM) != 1)
            return 1;
    }
    if (what != "greet" && what != "relay")
        return 64;
    Bare(context, what == "relay").run();
    return 0;
}
