// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/notify/text.hpp"
#include "protocol/utf8.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <libxml/parser.h>
#include <libxml/tree.h>

using namespace astcti;
using notify::describe;

namespace {

protocol::Call call_from(std::string name, std::string number = "202") {
    protocol::Call call;
    call.peer_name = std::move(name);
    call.peer_number = std::move(number);
    return call;
}

// The body as a server with markup shows it; fails if there is any element in it.
std::string shown(const std::string& body) {
    const auto text = "<body>" + body + "</body>";
    const std::unique_ptr<xmlDoc, decltype(&xmlFreeDoc)> document(
        xmlReadMemory(text.data(), static_cast<int>(text.size()), nullptr, "UTF-8", 0), xmlFreeDoc);
    REQUIRE(document);
    const auto* root = xmlDocGetRootElement(document.get());
    CHECK(xmlChildElementCount(const_cast<xmlNode*>(root)) == 0);
    const std::unique_ptr<xmlChar, decltype(xmlFree)> content(xmlNodeGetContent(root), xmlFree);
    return reinterpret_cast<const char*>(content.get());
}

} // namespace

TEST_CASE("number and name come first, then what was typed, then the queue", "[notify]") {
    auto call = call_from("Demo 202");
    call.calldata = "12345";
    call.queue = "astcti";
    CHECK(describe(call, false).body == "202  Demo 202\nData: 12345\nQueue: astcti");
    CHECK(describe(call, true) == describe(call, false));
}

TEST_CASE("what is not known is left out", "[notify]") {
    CHECK(describe(call_from("", "202"), true).body == "202");
    CHECK(describe(call_from("Anna", ""), true).body == "Anna");
    CHECK(describe(call_from("202", "202"), true).body == "202");
    CHECK(describe(call_from("", ""), true).body == "Unknown caller");
}

TEST_CASE("a withheld number is told as such, and nothing of the caller with it", "[notify]") {
    auto call = call_from("Anna", "202");
    call.withheld = true;
    call.calldata = "12345";
    CHECK(describe(call, true).body == "Number withheld\nData: 12345");
}

TEST_CASE("only a call that rings and is no colleague's is urgent", "[notify]") {
    auto call = call_from("Anna");
    CHECK(describe(call, true).is_urgent);
    call.internal = true;
    CHECK_FALSE(describe(call, true).is_urgent);
    CHECK(describe(call, true).summary == "Incoming call");
    call.internal = false;
    call.state = protocol::CallState::answered;
    CHECK_FALSE(describe(call, true).is_urgent);
}

TEST_CASE("the summary says what happens and holds nothing of the caller's", "[notify]") {
    auto call = call_from("<b>x</b>");
    CHECK(describe(call, false).summary == "Incoming call");
    call.state = protocol::CallState::answered;
    CHECK(describe(call, false).summary == "Call answered");
    const auto answered = describe(call, false);
    call.state = protocol::CallState::held;
    CHECK(describe(call, false) == answered); // nothing is shown anew
}

TEST_CASE("a hostile name is text, with markup and without", "[notify]") {
    const auto name =
        GENERATE(as<std::string>{}, "<b>&\"'$(reboot)\nroot", "<a href='http://x'>x</a>",
                 "<img src='file:///x'/>", "&amp;", "]]>", "<!DOCTYPE a>", "\x1b[31mred",
                 "a\r\nb\tc", "\xe2\x80\xae reversed", "\xff\xfe", "&#60;b>");
    CAPTURE(name);
    const auto call = call_from(name);
    const auto expected = "202  " + protocol::cleaned(name);
    CHECK(describe(call, false).body == expected);
    CHECK(shown(describe(call, true).body) == expected);
    CHECK(describe(call, false).body.find_first_of("\n\r\t\x1b") == std::string::npos);
}

TEST_CASE("caller text is cut at 256 bytes, between characters and never in an escape",
          "[notify]") {
    for (const std::string unit : {"a", "\xc3\xa9", "&", "<"}) {
        CAPTURE(unit);
        std::string name;
        while (name.size() < 2000)
            name += unit;
        auto call = call_from(name);
        call.calldata = "12345";
        const auto plain = describe(call, false).body;
        CHECK(plain.size() <= notify::max_text + 1); // and a line break
        CHECK(protocol::is_utf8(plain));
        CHECK(shown(describe(call, true).body) == plain);
        // A long name does not push out what the caller typed.
        CHECK_THAT(plain, Catch::Matchers::EndsWith("\nData: 12345"));
    }
}
