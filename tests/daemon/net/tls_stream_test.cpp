// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/net/tls_stream.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/support/tls_server.hpp"

#include <csignal>
#include <stdexcept>

using namespace astcti;
using Catch::Matchers::Contains;
using net::Moved;
using test::Certificate;
using test::TlsServer;

namespace {

const Certificate& authority() {
    static const Certificate made({.names = "", .subject = "An authority"});
    return made;
}

// A context that trusts the authority, or what else is said.
struct Client {
    explicit Client(const std::string& name, const std::string& pin = "",
                    const std::string& trusted = authority().pem()) {
        const auto file = trusted.empty() ? "" : directory.write("ca.pem", trusted);
        context.emplace(net::TlsPeer{name, file, pin});
    }

    // Until the handshake is over, for better or worse.
    Moved open(TlsServer& server) {
        stream = context->connect(server.connect());
        return go_on(server);
    }

    Moved go_on(TlsServer& server) const {
        auto opened = stream->open();
        while (opened.how == Moved::How::none && server.step())
            opened = stream->open();
        if (opened.how == Moved::How::none)
            opened = stream->open();
        server.step();
        return opened;
    }

    test::TempDir directory;
    std::optional<net::TlsContext> context;
    std::unique_ptr<net::Stream> stream;
};

std::string read_all(net::Stream& stream) {
    std::string text;
    std::array<char, 65536> bytes{};
    for (auto moved = stream.read(bytes); moved.how == Moved::How::some; moved = stream.read(bytes))
        text.append(bytes.data(), moved.count);
    return text;
}

} // namespace

TEST_CASE("who has the right certificate is believed, and text goes both ways", "[tls]") {
    struct Row {
        const char* in_certificate;
        const char* wanted;
    };
    const auto row = GENERATE(values<Row>({
        {"DNS:pbx.example.com", "pbx.example.com"},
        {"DNS:pbx.example.com", "PBX.Example.com"},
        {"DNS:other.example.com,DNS:pbx.example.com", "pbx.example.com"},
        {"DNS:*.example.com", "pbx.example.com"},
        {"IP:10.0.0.7", "10.0.0.7"},
        {"IP:2001:db8::7", "2001:db8:0::7"},
        {"", "pbx.example.com"}, // an old certificate: the subject's name
    }));
    CAPTURE(row.in_certificate);
    const Certificate certificate({.names = row.in_certificate}, &authority());
    TlsServer server(certificate);
    Client client(row.wanted);
    REQUIRE(client.open(server).how == Moved::How::some);
    CHECK(server.is_open());
    CHECK(client.stream->write("Action: Ping\r\n\r\n").count == 16);
    CHECK(server.step());
    CHECK(server.received == "Action: Ping\r\n\r\n");
    server.send("Response: Success\r\n\r\n");
    CHECK(read_all(*client.stream) == "Response: Success\r\n\r\n");
}

TEST_CASE("who is not to be believed is told nothing", "[tls]") {
    struct Row {
        Certificate::Wanted has;
        bool is_signed;
        const char* told;
        const char* advice;
    };
    const auto row = GENERATE(values<Row>({
        {{}, false, "signed by nobody in ", "ca-file="},
        {{.names = "DNS:pbx.example.org"},
         true,
         "not for pbx.example.com but for DNS:pbx.example.org",
         "tls-name="},
        {{.names = "DNS:*.com"}, true, "not for pbx.example.com", "tls-name="},
        {{.names = "IP:10.0.0.8", .subject = "pbx"},
         true,
         "not for pbx.example.com but for IP Address:10.0.0.8",
         "tls-name="},
        {{.names = "", .subject = "pbx.example.org"},
         true,
         "not for pbx.example.com but for CN = pbx.example.org",
         "tls-name="},
        {{.begins = -7200, .ends = -3600}, true, "its certificate ended on ", "a new one"},
        {{.begins = 3600, .ends = 7200}, true, "its certificate begins on ", "clock"},
    }));
    CAPTURE(row.told);
    const Certificate certificate(row.has, row.is_signed ? &authority() : nullptr);
    TlsServer server(certificate);
    Client client("pbx.example.com");
    const auto opened = client.open(server);
    CHECK(opened.how == Moved::How::failed);
    CHECK(opened.is_lasting);
    CHECK_THAT(opened.why, Contains(row.told) && Contains(row.advice));
    CHECK(client.stream->write("Action: Login\r\n\r\n").how == Moved::How::failed);
    server.step();
    CHECK_FALSE(server.is_open());
    CHECK(server.received.empty());
}

TEST_CASE("an authority of somebody else's does not count", "[tls]") {
    const Certificate other({.names = "", .subject = "An authority"});
    const Certificate certificate({}, &other);
    TlsServer server(certificate);
    Client client("pbx.example.com");
    const auto opened = client.open(server);
    CHECK(opened.how == Moved::How::failed);
    CHECK_THAT(opened.why, Contains("signed by nobody"));
    CHECK_FALSE(server.is_open());
}

TEST_CASE("without a file only the authorities of the system count", "[tls]") {
    const Certificate certificate({}, &authority());
    TlsServer server(certificate);
    Client client("pbx.example.com", "", "");
    const auto opened = client.open(server);
    CHECK(opened.how == Moved::How::failed);
    CHECK_THAT(opened.why, Contains("the authorities that this system trusts"));
}

TEST_CASE("a certificate that is in the file itself is believed", "[tls]") {
    const bool is_signed = GENERATE(true, false);
    const Certificate certificate({}, is_signed ? &authority() : nullptr);
    TlsServer server(certificate);
    Client client("pbx.example.com", "", certificate.pem());
    CHECK(client.open(server).how == Moved::How::some);
}

TEST_CASE("by its key alone a peer is known whatever its certificate says", "[tls]") {
    const Certificate certificate({.names = "DNS:x", .begins = -7200, .ends = -3600});
    TlsServer server(certificate);
    SECTION("the right one") {
        Client client("pbx.example.com", certificate.pin(), "");
        CHECK(client.open(server).how == Moved::How::some);
    }
    SECTION("another") {
        Client client("pbx.example.com", authority().pin(), "");
        const auto opened = client.open(server);
        CHECK(opened.how == Moved::How::failed);
        CHECK(opened.is_lasting);
        CHECK_THAT(opened.why, Contains("not that of pin="));
        CHECK_FALSE(server.is_open());
    }
}

TEST_CASE("with a file and a key both must be right", "[tls]") {
    const Certificate certificate({}, &authority());
    TlsServer server(certificate);
    CHECK(Client("pbx.example.com", certificate.pin()).open(server).how == Moved::How::some);
    CHECK_THAT(Client("pbx.example.com", authority().pin()).open(server).why,
               Contains("not that of pin="));
    CHECK_THAT(Client("pbx.example.org", certificate.pin()).open(server).why,
               Contains("not for pbx.example.org"));
}

TEST_CASE("names in a certificate are shown as text", "[tls]") {
    const Certificate certificate({.names = "", .subject = "a\x1b[2J\r\npbx pbx1: \xC3\xA9"},
                                  &authority());
    TlsServer server(certificate);
    const auto why = Client("pbx.example.com").open(server).why;
    CHECK_THAT(why, Contains("not for pbx.example.com but for CN = a"));
    CHECK(why.find_first_of("\r\n\x1b") == why.npos);
}

TEST_CASE("a peer without TLS is named as such", "[tls]") {
    const auto said = GENERATE(as<std::string>{}, "Asterisk Call Manager/11.0.0\r\n",
                               "HTTP/1.0 400 Bad Request\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n");
    TlsServer server(authority());
    Client client("pbx.example.com");
    client.stream = client.context->connect(server.connect());
    server.send_in_clear(said);
    const auto opened = client.stream->open();
    CHECK(opened.how == Moved::How::failed);
    CHECK_THAT(opened.why, Contains("speaks in clear") && Contains("5039"));
}

TEST_CASE("a peer that hangs up in the handshake is named as such", "[tls]") {
    TlsServer server(authority());
    Client client("pbx.example.com");
    client.stream = client.context->connect(server.connect());
    CHECK(client.stream->open().how == Moved::How::none);
    server.cut();
    const auto opened = client.stream->open();
    CHECK(opened.how == Moved::How::failed);
    CHECK_THAT(opened.why, Contains("closed during the handshake") && Contains("tlscertfile="));
}

TEST_CASE("TLS 1.1 is not spoken, 1.2 is", "[tls]") {
    const Certificate certificate({}, &authority());
    TlsServer server(certificate);
    SSL_CTX_set_security_level(server.context(), 0);
    SSL_CTX_set_min_proto_version(server.context(), TLS1_VERSION);
    Client client("pbx.example.com");
    SECTION("1.1") {
        SSL_CTX_set_max_proto_version(server.context(), TLS1_1_VERSION);
        const auto opened = client.open(server);
        CHECK(opened.how == Moved::How::failed);
        CHECK_THAT(opened.why, Contains("TLS 1.2 or newer is needed"));
    }
    SECTION("1.2") {
        SSL_CTX_set_max_proto_version(server.context(), TLS1_2_VERSION);
        CHECK(client.open(server).how == Moved::How::some);
    }
}

TEST_CASE("authorities that cannot be read are told at once", "[tls]") {
    const test::TempDir directory;
    const auto file = directory.write("ca.pem", "no certificate\n");
    CHECK_THROWS_AS(net::TlsContext({"x", file, ""}), std::runtime_error);
    CHECK_THROWS_WITH(net::TlsContext({"x", directory.path("missing"), ""}),
                      Contains("No such file"));
}

TEST_CASE("a burst comes whole, in whatever steps it is read", "[tls]") {
    const Certificate certificate({}, &authority());
    TlsServer server(certificate);
    Client client("pbx.example.com");
    REQUIRE(client.open(server).how == Moved::How::some);
    std::string sent;
    for (int i = 0; i < 100; ++i) {
        const auto event = "Event: Test\r\nNumber: " + std::to_string(i) + "\r\n\r\n";
        server.send(event);
        sent += event;
    }
    const auto size = GENERATE(as<std::size_t>{}, 1, 100, 65536);
    std::string received;
    std::string bytes(size, '\0');
    // What the socket does not tell of any more has_pending() does.
    do {
        const auto moved = client.stream->read(bytes);
        REQUIRE(moved.how == Moved::How::some);
        received.append(bytes, 0, moved.count);
    } while (received.size() < sent.size());
    CHECK(received == sent);
    CHECK_FALSE(client.stream->has_pending());
}

TEST_CASE("bytes that OpenSSL has read already are pending", "[tls]") {
    const Certificate certificate({}, &authority());
    TlsServer server(certificate);
    Client client("pbx.example.com");
    REQUIRE(client.open(server).how == Moved::How::some);
    server.send("first");
    server.send("second");
    std::array<char, 100> bytes{};
    CHECK(client.stream->read(bytes).count == 5);
    CHECK(client.stream->has_pending());
    CHECK(client.stream->read(bytes).count == 6);
    CHECK_FALSE(client.stream->has_pending());
    CHECK(client.stream->read(bytes).how == Moved::How::none);
}

TEST_CASE("a peer that is gone is closed or failed, and never a signal", "[tls]") {
    std::signal(SIGPIPE, SIG_DFL);
    const Certificate certificate({}, &authority());
    TlsServer server(certificate);
    Client client("pbx.example.com");
    REQUIRE(client.open(server).how == Moved::How::some);
    read_all(*client.stream); // the tickets
    std::array<char, 100> bytes{};
    SECTION("politely") {
        SSL_shutdown(server.ssl());
        CHECK(client.stream->read(bytes).how == Moved::How::closed);
    }
    SECTION("without a word") {
        server.cut();
        CHECK(client.stream->read(bytes).how == Moved::How::closed);
    }
    SECTION("while we write") {
        server.cut();
        CHECK(client.stream->write("x").how == Moved::How::failed);
    }
    SECTION("with rubbish") {
        server.send_in_clear("Asterisk Call Manager/11.0.0\r\n");
        const auto moved = client.stream->read(bytes);
        CHECK(moved.how == Moved::How::failed);
        CHECK_THAT(moved.why, Contains("TLS: "));
    }
}

TEST_CASE("a peer that does not read makes us wait, and gets all in the end", "[tls]") {
    const Certificate certificate({}, &authority());
    TlsServer server(certificate);
    Client client("pbx.example.com");
    REQUIRE(client.open(server).how == Moved::How::some);
    std::string text(1 << 20, 'x');
    std::string_view left = text;
    auto moved = client.stream->write(left);
    while (moved.how == Moved::How::some && !left.empty()) {
        left.remove_prefix(moved.count);
        moved = client.stream->write(left);
    }
    REQUIRE(moved.how == Moved::How::none);
    CHECK(client.stream->wants_write());
    while (!left.empty()) {
        server.step();
        const std::string elsewhere(left); // the bytes may move between attempts
        left.remove_prefix(client.stream->write(elsewhere).count);
    }
    server.step();
    CHECK(server.received == text);
    CHECK_FALSE(client.stream->wants_write());
}
