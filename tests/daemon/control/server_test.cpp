// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/control/server.hpp"
#include "tests/support/loop.hpp"
#include "tests/support/temp_dir.hpp"

#include <array>
#include <fcntl.h>
#include <filesystem>
#include <sys/socket.h>
#include <system_error>
#include <utility>
#include <vector>

using namespace astcti;
using namespace std::chrono_literals;

namespace {

// Notes what is asked for; the test answers.
struct Recorded final : control::Handler {
    void requested(control::RequestId id, std::string_view line) override {
        requests.emplace_back(id, line);
    }
    std::vector<std::pair<control::RequestId, std::string>> requests;
};

class Peer {
public:
    explicit Peer(const std::string& path)
        : fd_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
        const auto address = *net::unix_address(path);
        REQUIRE(::connect(fd_.get(), address.get(), address.length) == 0);
    }

    void send(std::string_view text) const {
        REQUIRE(::send(fd_.get(), text.data(), text.size(), MSG_NOSIGNAL) ==
                static_cast<ssize_t>(text.size()));
    }
    void half_close() const { ::shutdown(fd_.get(), SHUT_WR); }
    void leave() { fd_.reset(); }

    // Takes what is there; true when the other end is closed.
    bool read(std::size_t limit = SIZE_MAX) {
        std::array<char, 65536> bytes{};
        while (got.size() < limit) {
            const auto count =
                ::recv(fd_.get(), bytes.data(), std::min(bytes.size(), limit - got.size()), 0);
            if (count <= 0)
                return count == 0 || errno != EAGAIN;
            got.append(bytes.data(), static_cast<std::size_t>(count));
        }
        return false;
    }

    std::string got;

private:
    base::UniqueFd fd_;
};

struct Room {
    explicit Room(control::Deadlines deadlines = {})
        : path(directory.path("control")), server(loop, path, handler, deadlines) {}

    void run_until_requests(std::size_t count) {
        test::run_until(loop, [&] { return handler.requests.size() == count; });
    }
    void run_until_closed(Peer& peer) {
        test::run_until(loop, [&] { return peer.read(); });
    }
    void run_until_empty() {
        test::run_until(loop, [&] { return server.size() == 0; });
    }

    test::TempDir directory;
    std::string path;
    event::Loop loop;
    Recorded handler;
    control::Server server;
};

} // namespace

TEST_CASE("a line is answered with as many bytes as were told, then the end", "[control]") {
    Room room;
    Peer peer(room.path);
    peer.send("rec");
    peer.send("ord pbx1\nrecord again\n");
    room.run_until_requests(1);
    CHECK(room.handler.requests[0].second == "record pbx1");
    room.server.answer(room.handler.requests[0].first, std::string("a\0b\n", 4));
    room.run_until_closed(peer);
    CHECK(peer.got == std::string("OK 4\na\0b\n", 9));
    room.run_until_empty();
    CHECK(room.handler.requests.size() == 1);
}

TEST_CASE("a refusal is a sentence", "[control]") {
    Room room;
    Peer peer(room.path);
    peer.send("fly\n");
    peer.half_close();
    room.run_until_requests(1);
    room.server.refuse(room.handler.requests[0].first, "nobody can");
    room.server.answer(room.handler.requests[0].first, "too late");
    room.run_until_closed(peer);
    CHECK(peer.got == "ERROR nobody can\n");
}

TEST_CASE("a line has at most 256 bytes", "[control]") {
    Room room;
    Peer longest(room.path);
    longest.send(std::string(256, 'x') + "\n");
    room.run_until_requests(1);
    for (const auto& line : {std::string(257, 'x') + "\n", std::string(100000, 'x')}) {
        Peer peer(room.path);
        peer.send(line);
        room.run_until_closed(peer);
        CHECK(peer.got == "ERROR the request is too long\n");
    }
    CHECK(room.handler.requests.size() == 1);
}

TEST_CASE("one more than four is turned away, until one has been answered", "[control]") {
    Room room;
    std::vector<Peer> peers;
    for (std::size_t i = 0; i < control::Server::max_connections; ++i) {
        peers.emplace_back(room.path);
        peers.back().send("record\n");
    }
    room.run_until_requests(control::Server::max_connections);
    Peer fifth(room.path);
    room.run_until_closed(fifth);
    CHECK(fifth.got == "ERROR 4 requests are being answered; try again in a minute\n");
    room.server.answer(room.handler.requests[0].first, "");
    test::run_until(room.loop, [&] { return room.server.size() == 3; });
    Peer sixth(room.path);
    sixth.send("record\n");
    room.run_until_requests(5);
    CHECK(room.handler.requests[4].second == "record");
}

TEST_CASE("who says nothing, or half a line, is closed in time", "[control]") {
    Room room({50ms, 30s});
    Peer silent(room.path);
    Peer half(room.path);
    half.send("recor");
    room.run_until_closed(silent);
    room.run_until_closed(half);
    room.run_until_empty();
    CHECK(silent.got.empty());
    CHECK(half.got.empty());
    CHECK(room.handler.requests.empty());
}

TEST_CASE("who leaves is forgotten, and an answer then goes nowhere", "[control]") {
    Room room;
    Peer early(room.path);
    early.send("recor");
    early.leave();
    Peer late(room.path);
    late.send("record\n");
    room.run_until_requests(1);
    late.leave();
    room.run_until_empty();
    room.server.answer(room.handler.requests[0].first, "for nobody");
    room.server.refuse(99, "nor this");
    CHECK(room.server.size() == 0);
}

TEST_CASE("a slow reader gets all of it and delays nobody", "[control]") {
    Room room;
    const std::string much(8U << 20U, 'x');
    Peer slow(room.path);
    slow.send("record\n");
    room.run_until_requests(1);
    room.server.answer(room.handler.requests[0].first, much);
    Peer other(room.path);
    other.send("other\n");
    room.run_until_requests(2);
    room.server.answer(room.handler.requests[1].first, "quick");
    room.run_until_closed(other);
    CHECK(other.got == "OK 5\nquick");
    for (std::size_t size = 100000; !slow.read(slow.got.size() + size);)
        sd_event_run(room.loop.get(), 0);
    CHECK(slow.got == "OK 8388608\n" + much);
}

TEST_CASE("who does not read at all is closed in time", "[control]") {
    Room room({3s, 50ms});
    Peer deaf(room.path);
    deaf.send("record\n");
    room.run_until_requests(1);
    room.server.answer(room.handler.requests[0].first, std::string(8U << 20U, 'x'));
    CHECK(room.server.size() == 1);
    room.run_until_empty();
    CHECK(deaf.read());
    CHECK(deaf.got.size() < 8U << 20U);
}

TEST_CASE("the socket goes with the server, and one that is used is left alone", "[control]") {
    const test::TempDir directory;
    event::Loop loop;
    Recorded handler;
    {
        const control::Server server(loop, directory.path("c"), handler);
        CHECK_THROWS_AS(control::Server(loop, directory.path("c"), handler), std::system_error);
        CHECK(std::filesystem::is_socket(directory.path("c")));
    }
    CHECK_FALSE(std::filesystem::exists(directory.path("c")));
    CHECK_THROWS_AS(control::Server(loop, std::string(200, 'x'), handler), std::system_error);
}
