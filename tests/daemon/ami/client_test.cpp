// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ami/client.hpp"
#include "daemon/net/listener.hpp"
#include "tests/support/loop.hpp"

#include <atomic>
#include <cstring>
#include <latch>
#include <memory>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string_view>
#include <vector>

using namespace astcti;

namespace {

// Goes before the C library's: a resolver that answers when the test says so.
struct Resolver {
    explicit Resolver(int first) : first_answer(first) {}

    const int first_answer; // the others are right
    std::atomic<int> asked = 0;
    std::latch may_answer{1};
};
std::unique_ptr<Resolver> resolver;

} // namespace

extern "C" int getaddrinfo(const char*, const char* service, const addrinfo*, addrinfo** result) {
    const int before = resolver->asked++;
    resolver->asked.notify_all();
    resolver->may_answer.wait();
    if (before == 0 && resolver->first_answer != 0)
        return resolver->first_answer;
    static sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(service)));
    static addrinfo found{};
    found.ai_family = AF_INET;
    found.ai_addr = reinterpret_cast<sockaddr*>(&address);
    found.ai_addrlen = sizeof address;
    *result = &found;
    return 0;
}

extern "C" void freeaddrinfo(addrinfo*) {}

namespace {

struct Handler final : ami::ClientHandler {
    void connected(ami::Client&) override { is_connected = true; }
    void snapshot_begun(ami::Client&) override {}
    bool wants(ami::Client&, std::string_view, std::string_view) override { return true; }
    void received(ami::Client&, const ami::Packet&, ami::Session::Meaning) override {}
    void snapshot_done(ami::Client&) override {}
    void originate_failed(ami::Client&, const ami::Originate&, const std::string&) override {}
    void disconnected(ami::Client&) override {}
    bool is_connected = false;
};

// Counts who connects, and keeps the connections.
struct Server {
    explicit Server(event::Loop& loop)
        : listener(loop, net::open_listener(*net::ip_address("127.0.0.1", 0)),
                   [this](base::UniqueFd fd, const net::Address&) {
                       connections.push_back(std::move(fd));
                   }) {}

    std::uint16_t port() const {
        sockaddr_in in{};
        std::memcpy(&in, &listener.address().storage, sizeof in);
        return ntohs(in.sin_port);
    }

    std::vector<base::UniqueFd> connections;
    net::Listener listener;
};

} // namespace

TEST_CASE("while a name is looked up the loop goes on, and a failure is tried again", "[ami]") {
    resolver = std::make_unique<Resolver>(GENERATE(0, EAI_AGAIN));
    event::Loop loop;
    event::WorkerPool workers(loop, 1);
    Server server(loop);
    Handler handler;
    ami::Client slow(loop, workers, {"pbx1", "pbx.example.com", server.port(), "u", "s"}, handler);
    slow.start();
    resolver->asked.wait(0); // and is not answered yet

    int turns = 0;
    event::Timer timer(loop, [&turns] { ++turns; });
    for (int turn = 1; turn <= 3; ++turn) {
        timer.start({});
        test::run_until(loop, [&] { return turns == turn; });
    }
    // An address in digits waits for no look-up, though the only worker is busy.
    ami::Client other(loop, workers, {"pbx2", "127.0.0.1", server.port(), "u", "s"}, handler);
    other.start();
    test::run_until(loop, [&] { return server.connections.size() == 1; });
    CHECK(server.connections.size() == 1);

    resolver->may_answer.count_down();
    test::run_until(loop, [&] { return server.connections.size() == 2; });
    CHECK(resolver->asked == (resolver->first_answer == 0 ? 1 : 2));
    CHECK_FALSE(handler.is_connected);
}

TEST_CASE("what was sent to nobody is noticed by the kernel as well", "[ami]") {
    event::Loop loop;
    event::WorkerPool workers(loop, 1);
    Server server(loop);
    Handler handler;
    ami::Client client(loop, workers, {"pbx1", "127.0.0.1", server.port(), "u", "s"}, handler);
    client.start();
    test::run_until(loop, [&] { return server.connections.size() == 1; });
    // The client's end, which the client has not let go of.
    const auto connected = [&](int fd) {
        sockaddr_in peer{};
        socklen_t length = sizeof peer;
        return ::getpeername(fd, reinterpret_cast<sockaddr*>(&peer), &length) == 0 &&
               peer.sin_family == AF_INET && ntohs(peer.sin_port) == server.port();
    };
    const auto timeout = [&] {
        for (int fd = 3; fd < 256; ++fd)
            if (connected(fd)) {
                unsigned value = 0;
                socklen_t length = sizeof value;
                ::getsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &value, &length);
                return value;
            }
        return 0U;
    };
    test::run_until(loop, [&] { return timeout() != 0; });
    CHECK(timeout() == 10000);
}
