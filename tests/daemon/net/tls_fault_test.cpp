// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/net/tls_fault.hpp"
#include "tests/support/catch.hpp"

using namespace astcti::net;
using Catch::Matchers::Contains;
using What = TlsFault::What;

TEST_CASE("each fault says what failed, why, and what to do", "[tls]") {
    struct Row {
        TlsFault fault;
        const char* why;
        const char* advice;
        bool is_lasting;
    };
    const auto row = GENERATE(values<Row>({
        {{What::not_tls}, "this port speaks in clear", "tlsenable=yes", false},
        {{What::closed}, "closed during the handshake", "tlscertfile=", false},
        {{What::too_old, "unsupported protocol"}, "unsupported protocol", "TLS 1.2", true},
        {{What::untrusted, "self-signed certificate", "", "", "a2V5"},
         "self-signed certificate",
         "pin=\"a2V5\"",
         true},
        {{What::wrong_name, "", "DNS:a"},
         "not for pbx.example.com but for DNS:a",
         "tls-name=",
         true},
        {{What::wrong_name}, "but for nobody", "tls-name=", true},
        {{What::expired, "", "", "Jan  1"}, "ended on Jan  1", "a new one", true},
        {{What::not_yet_valid, "", "", "Jan  1"}, "begins on Jan  1", "clock", true},
        {{What::wrong_pin, "", "", "", "a2V5"}, "but a2V5", "as pin=", true},
        {{What::other, "EE certificate key too weak"}, "key too weak", "manager.conf", false},
    }));
    const auto text = to_text(row.fault, {"pbx.example.com", "/etc/ca.pem", ""});
    CAPTURE(text);
    CHECK_THAT(text, Catch::StartsWith("no TLS: ") && Contains(row.why) && Contains(row.advice) &&
                         !Contains("\n"));
    CHECK(is_lasting(row.fault) == row.is_lasting);
}

TEST_CASE("whose authorities do not know a certificate is said", "[tls]") {
    const TlsFault fault{What::untrusted};
    CHECK_THAT(to_text(fault, {"x", "/etc/ca.pem", ""}), Contains("nobody in /etc/ca.pem"));
    CHECK_THAT(to_text(fault, {"x", "", ""}), Contains("nobody in the authorities that this"));
}

TEST_CASE("TLS begins with an alert or a handshake", "[tls]") {
    CHECK(begins_like_tls("\x16\x03\x03"));
    CHECK(begins_like_tls("\x15\x03\x03"));
    CHECK_FALSE(begins_like_tls("Asterisk Call Manager/11.0.0\r\n"));
    CHECK_FALSE(begins_like_tls("\x17\x03\x03"));
    CHECK_FALSE(begins_like_tls(""));
}

TEST_CASE("a key without an authority is enough, and only then", "[tls]") {
    CHECK(TlsPeer{"x", "", "key"}.is_by_key_alone());
    CHECK_FALSE(TlsPeer{"x", "/ca", "key"}.is_by_key_alone());
    CHECK_FALSE(TlsPeer{"x", "", ""}.is_by_key_alone());
}
