// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/rules/url.hpp"
#include "tests/support/catch.hpp"

#include <glib.h>
#include <memory>
#include <random>

using namespace astcti;
using namespace astcti::rules;

namespace {

using Uri = std::unique_ptr<GUri, decltype(&g_uri_unref)>;

// GLib's reading of a URL, which owes nothing to ours.
Uri parsed(const std::string& url) {
    return {g_uri_parse(url.c_str(), G_URI_FLAGS_ENCODED, nullptr), g_uri_unref};
}

std::string text(const char* value) {
    return value ? value : "(none)";
}

std::vector<std::string> parts(const std::string& value, char separator) {
    std::vector<std::string> out{""};
    for (const char c : value) {
        if (c == separator)
            out.emplace_back();
        else
            out.back() += c;
    }
    return out;
}

std::string decoded(const std::string& value) {
    const std::unique_ptr<char, decltype(&g_free)> out(
        g_uri_unescape_string(value.c_str(), nullptr), g_free);
    REQUIRE(out);
    return out.get();
}

std::string expanded(const UrlTemplate& url, const std::string& value) {
    protocol::Call call;
    call.peer_name = value;
    return std::get<std::string>(expand(url, call));
}

UrlTemplate url(std::string_view text) {
    return std::get<UrlTemplate>(read_url(text));
}

// A value changes nothing of the URL but itself, and it arrives whole.
void check_value(const std::string& value) {
    CAPTURE(value);
    const auto pattern = url("https://crm.example.org:8443/call/x{CALLERNAME}/"
                             "end?a=1&name={CALLERNAME}&b=2#{CALLERNAME}");
    const auto plain = parsed(expanded(pattern, "A"));
    const auto hostile = parsed(expanded(pattern, value));
    REQUIRE(hostile);

    CHECK(text(g_uri_get_scheme(hostile.get())) == "https");
    CHECK(text(g_uri_get_host(hostile.get())) == "crm.example.org");
    CHECK(text(g_uri_get_userinfo(hostile.get())) == "(none)");
    CHECK(g_uri_get_port(hostile.get()) == 8443);

    const auto path = parts(g_uri_get_path(hostile.get()), '/');
    REQUIRE(path.size() == parts(g_uri_get_path(plain.get()), '/').size());
    CHECK(decoded(path[2]) == std::string("x").append(value));
    CHECK(path[3] == "end");

    const auto query = parts(g_uri_get_query(hostile.get()), '&');
    REQUIRE(query.size() == 3);
    CHECK(query[0] == "a=1");
    REQUIRE(parts(query[1], '=').size() == 2);
    CHECK(parts(query[1], '=')[0] == "name");
    CHECK(decoded(parts(query[1], '=')[1]) == value);
    CHECK(query[2] == "b=2");
    CHECK(decoded(text(g_uri_get_fragment(hostile.get()))) == value);
}

} // namespace

TEST_CASE("a hostile value changes nothing of the URL but itself", "[rules]") {
    check_value(GENERATE(as<std::string>{}, "Demo 202", "<b>&\"'$(reboot)\n", "a/b", "../../x",
                         "?x=y", "#x", "&a=2", "=", "%", "%2f", "%00", "+", ";", "a@evil.example",
                         ":99", "javascript:alert(1)", "\xc3\xa9\xe2\x82\xac", "[::1]", "\\", "|",
                         "{CALLDATA}", "\r\nHost: evil", "-._~", "..", "."));
}

TEST_CASE("no value of any bytes changes anything of the URL but itself", "[rules]") {
    std::mt19937 random(20261123);
    std::uniform_int_distribution<int> length(1, 40);
    std::uniform_int_distribution<int> byte(1, 255);
    for (int round = 0; round < 2000; ++round) {
        std::string value;
        for (int i = length(random); i > 0; --i)
            value += static_cast<char>(byte(random));
        // GLib decodes to UTF-8 only: other values are compared as they are encoded.
        if (g_utf8_validate(value.c_str(), -1, nullptr) == FALSE) {
            const auto result = expanded(url("http://h/?a={CALLERNAME}"), value);
            CHECK(result.find_first_not_of("ABCDEFabcdefghijklmnopqrstuvwxyzGHIJKLMNOPQRSTUVWXYZ"
                                           "0123456789-._~%",
                                           13) == std::string::npos);
            continue;
        }
        check_value(value);
    }
}

TEST_CASE("all but the unreserved characters are encoded, in upper case", "[rules]") {
    CHECK(expanded(url("http://h/{CALLERNAME}"), "aZ9-._~ é+/\n") ==
          "http://h/aZ9-._~%20%C3%A9%2B%2F%0A");
}

TEST_CASE("a value that would walk about in the path is refused", "[rules]") {
    for (const auto* pattern : {"http://h/a/{CALLERNAME}/b", "http://h/{CALLERNAME}",
                                "http://h/a/{CALLERNAME}{CALLDATA}?x", "http://h/.{CALLERNAME}"}) {
        CAPTURE(pattern);
        protocol::Call call;
        call.peer_name = ".";
        const auto result = expand(url(pattern), call);
        CHECK(std::holds_alternative<Refused>(result));
    }
    // Elsewhere they are harmless.
    for (const auto* pattern :
         {"http://h/x{CALLERNAME}", "http://h/?{CALLERNAME}", "http://h/#/{CALLERNAME}"})
        CHECK(!expanded(url(pattern), "..").empty());
}

TEST_CASE("a URL that would be too long is refused", "[rules]") {
    protocol::Call call;
    call.peer_name = std::string(max_url, 'a');
    CHECK(std::holds_alternative<Refused>(expand(url("http://h/?{CALLERNAME}"), call)));
}

TEST_CASE("a template that is no web address, or has a placeholder in a wrong place, is refused",
          "[rules]") {
    const auto text = GENERATE(
        as<std::string>{}, "", "{CALLERID}", "javascript:alert(1)", "file:///etc/passwd",
        "data:text/html,x", "ftp://h/", "//h/", "h/", "http:/h", "http:h", "http://", "http:///x",
        "http://?x", "HTTP://h/", "{CALLDATA}://h/", "http{CALLERID}://h/", "http://{CALLERID}/",
        "http://h{CALLERID}/", "http://h:{CALLERID}/", "http://h{CALLERID}", "http://{CALLERID}@h/",
        "http://user:p@h/", "http://h/ x", "http://h/<x>", "http://h/\"", "http://h/\n",
        "http://h/{callerid}", "http://h/\xc3\xa9", "http://h/%zz", "http://h/?a={CALED}",
        "http://h/../{CALLERID}", "http://h/%2e%2E/x", "http://h:x/", "http://h/#a#b");
    CAPTURE(text);
    CHECK(std::holds_alternative<TemplateError>(read_url(text)));
}

TEST_CASE("an ordinary template is taken", "[rules]") {
    for (const auto* text :
         {"http://127.0.0.1:8088/?a={CALLERID}", "https://crm.example.org",
          "http://[::1]:8088/{CALLERID}",
          "https://crm.example.org/a/{CALLERID}.html?x=1&y={CALLDATA}#{UNIQUEID}",
          "http://h?{CALLERID}", "https://h/a%20b/;x=1"})
        CHECK(std::holds_alternative<UrlTemplate>(read_url(text)));
}
