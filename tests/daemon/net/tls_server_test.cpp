// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/net/client_socket.hpp"
#include "daemon/net/tls_server.hpp"
#include "daemon/net/tls_stream.hpp"
#include "tests/support/tls_server.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <vector>

using namespace astcti;
using Catch::Contains;
using net::Moved;

namespace {

std::string private_key(const test::Certificate& certificate) {
    const std::unique_ptr<BIO, test::FreeTls<BIO_free_all>> bio(BIO_new(BIO_s_mem()));
    PEM_write_bio_PrivateKey(bio.get(), certificate.key(), nullptr, nullptr, 0, nullptr, nullptr);
    std::string text(BIO_ctrl_pending(bio.get()), '\0');
    BIO_read(bio.get(), text.data(), static_cast<int>(text.size()));
    return text;
}

net::TlsIdentity identity_of(const test::Certificate& certificate) {
    return {certificate.pem(), private_key(certificate)};
}

net::TlsIdentity made() {
    const auto key = net::make_tls_key();
    return {net::make_tls_certificate(key, "pbx.example.com"), key};
}

std::string bytes_of(const std::string& base64) {
    std::string bytes(100, '\0');
    bytes.resize(static_cast<std::size_t>(EVP_DecodeBlock(
        reinterpret_cast<unsigned char*>(bytes.data()),
        reinterpret_cast<const unsigned char*>(base64.data()), static_cast<int>(base64.size()))));
    return bytes.substr(0, 32);
}

// Both ends, in one thread; the client trusts the key alone.
struct Ends {
    explicit Ends(const net::TlsServer& server, const std::string& pin)
        : context({"pbx.example.com", "", pin}) {
        std::array<int, 2> pair{};
        REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair.data()) ==
                0);
        ours = server.accept(base::UniqueFd(pair[0]));
        client = context.connect(base::UniqueFd(pair[1]));
    }

    // How it ended: for the client, and for us.
    std::pair<Moved, Moved> open() const {
        Moved theirs;
        Moved mine;
        for (int i = 0; i < 10; ++i) {
            if (theirs.how == Moved::How::none)
                theirs = client->open();
            if (mine.how == Moved::How::none)
                mine = ours->open();
        }
        return {theirs, mine};
    }

    net::TlsContext context;
    std::unique_ptr<net::Stream> ours;
    std::unique_ptr<net::Stream> client;
};

std::string read(net::Stream& stream) {
    std::array<char, 100> bytes{};
    const auto moved = stream.read(bytes);
    return {bytes.data(), moved.count};
}

} // namespace

TEST_CASE("a server is known by the key it made itself", "[tls]") {
    const net::TlsServer server(made());
    const auto& told = server.certificate();
    CHECK(told.names == "DNS:pbx.example.com");
    CHECK(told.pin.size() == 44);
    Ends ends(server, bytes_of(told.pin));
    const auto [theirs, ours] = ends.open();
    REQUIRE(theirs.how == Moved::How::some);
    REQUIRE(ours.how == Moved::How::some);
    CHECK(ends.ours->write("100 CTISERVER WELCOME\n").count == 22);
    CHECK(read(*ends.client) == "100 CTISERVER WELCOME\n");
    CHECK(ends.client->write("QUIT\n").count == 5);
    CHECK(read(*ends.ours) == "QUIT\n");
}

TEST_CASE("a client that knows another key leaves", "[tls]") {
    const net::TlsServer server(made());
    Ends ends(server, std::string(32, 'x'));
    const auto [theirs, ours] = ends.open();
    CHECK(theirs.how == Moved::How::failed);
    CHECK(ours.how == Moved::How::failed);
    CHECK_THAT(ours.why, Contains("no TLS: "));
}

TEST_CASE("the same key gives the same pin, another certificate or not", "[tls]") {
    const auto key = net::make_tls_key();
    const net::TlsServer first({net::make_tls_certificate(key, "a"), key});
    const net::TlsServer second({net::make_tls_certificate(key, "b;c,DNS:evil"), key});
    CHECK(first.certificate().pin == second.certificate().pin);
    CHECK(second.certificate().names == "DNS:localhost");
    const net::TlsServer other(made());
    CHECK(first.certificate().pin != other.certificate().pin);
}

TEST_CASE("a connection goes on with the certificate that it began with", "[tls]") {
    net::TlsServer server(made());
    const auto before = server.certificate().pin;
    Ends ends(server, bytes_of(before));
    REQUIRE(ends.open().first.how == Moved::How::some);
    server = net::TlsServer(made());
    CHECK(server.certificate().pin != before);
    CHECK(ends.ours->write("still here\n").count == 11);
    CHECK(read(*ends.client) == "still here\n");
    Ends next(server, bytes_of(server.certificate().pin));
    CHECK(next.open().first.how == Moved::How::some);
}

TEST_CASE("an identity that is none is refused, and says what is wrong", "[tls]") {
    const test::Certificate one({});
    const test::Certificate two({});
    const auto good = identity_of(one);
    CHECK_NOTHROW(net::TlsServer(good));
    CHECK_NOTHROW(net::TlsServer({one.pem() + two.pem(), good.key}));
    CHECK_THROWS_WITH(net::TlsServer({"", good.key}), Contains("certificate cannot be read"));
    CHECK_THROWS_WITH(net::TlsServer({"rubbish", good.key}),
                      Contains("certificate cannot be read"));
    CHECK_THROWS_WITH(net::TlsServer({one.pem(), ""}), Contains("key cannot be read"));
    CHECK_THROWS_WITH(net::TlsServer({one.pem(), private_key(two)}),
                      Contains("not that of the certificate"));
    for (std::size_t cut = 1; cut < one.pem().size(); cut += 50) {
        CAPTURE(cut);
        REQUIRE_THROWS_AS(net::TlsServer({one.pem().substr(0, cut), good.key}), std::runtime_error);
    }
    CHECK_THROWS_WITH(
        net::TlsServer(
            {one.pem() + two.pem().substr(0, 200) + "\n-----END CERTIFICATE-----\n", good.key}),
        Contains("further certificate"));
    CHECK_THROWS_WITH(net::make_tls_certificate("rubbish", "x"), Contains("key cannot be read"));
}

TEST_CASE("a client that speaks in clear is told apart, and sent nothing of ours", "[tls]") {
    const net::TlsServer server(made());
    std::array<int, 2> pair{};
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair.data()) == 0);
    const auto ours = server.accept(base::UniqueFd(pair[0]));
    const base::UniqueFd theirs(pair[1]);
    CHECK(ours->open().how == Moved::How::none);
    REQUIRE(::send(theirs.get(), "USER anna\n", 10, 0) == 10);
    const auto moved = ours->open();
    CHECK(moved.how == Moved::How::failed);
    CHECK(moved.why == "no TLS: it speaks in clear");
    std::array<char, 100> bytes{};
    const auto count = ::recv(theirs.get(), bytes.data(), bytes.size(), 0);
    CHECK(std::string_view(bytes.data(), static_cast<std::size_t>(count < 0 ? 0 : count))
              .find("WELCOME") == std::string_view::npos);
}

TEST_CASE("a half-open client is noticed by the kernel", "[net]") {
    const base::UniqueFd listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    net::prepare_client(listener.get());
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    auto* const where = reinterpret_cast<sockaddr*>(&address);
    REQUIRE(::bind(listener.get(), where, length) == 0);
    REQUIRE(::listen(listener.get(), 1) == 0);
    REQUIRE(::getsockname(listener.get(), where, &length) == 0);
    const base::UniqueFd client(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    REQUIRE(::connect(client.get(), where, length) == 0);
    // Whoever connects is as who listens.
    const base::UniqueFd fd(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
    const auto option = [&](int level, int name) {
        int value = 0;
        socklen_t size = sizeof value;
        ::getsockopt(fd.get(), level, name, &value, &size);
        return value;
    };
    CHECK(option(SOL_SOCKET, SO_KEEPALIVE) == 1);
    CHECK(option(IPPROTO_TCP, TCP_KEEPIDLE) == 15);
    CHECK(option(IPPROTO_TCP, TCP_KEEPINTVL) == 5);
    CHECK(option(IPPROTO_TCP, TCP_KEEPCNT) == 3);
    CHECK(option(IPPROTO_TCP, TCP_USER_TIMEOUT) == 20000);
    CHECK(option(IPPROTO_TCP, TCP_NODELAY) == 1);
    CHECK(option(SOL_SOCKET, SO_SNDBUF) == 2 * net::send_buffer);
}
