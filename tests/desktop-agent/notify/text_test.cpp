// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/notify/text.hpp"
#include "protocol/utf8.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <libxml/parser.h>
#include <libxml/tree.h>

using namespace astcti;
using namespace astcti::notify;

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

Text told(const protocol::Call& call, bool escape) {
    return describe(call, {escape, false, false}, {});
}

} // namespace

TEST_CASE("number and name come first, then what was typed, then the queue", "[notify]") {
    auto call = call_from("Demo 202");
    call.calldata = "12345";
    call.queue = "astcti";
    CHECK(told(call, false).body == "202  Demo 202\nData: 12345\nQueue: astcti");
    CHECK(told(call, true) == told(call, false));
}

TEST_CASE("what is not known is left out", "[notify]") {
    CHECK(told(call_from("", "202"), true).body == "202");
    CHECK(told(call_from("Anna", ""), true).body == "Anna");
    CHECK(told(call_from("202", "202"), true).body == "202");
    CHECK(told(call_from("", ""), true).body == "Unknown caller");
}

TEST_CASE("a withheld number is told as such, and nothing of the caller with it", "[notify]") {
    auto call = call_from("Anna", "202");
    call.withheld = true;
    call.calldata = "12345";
    CHECK(told(call, true).body == "Number withheld\nData: 12345");
}

TEST_CASE("only a call that rings and is no colleague's is urgent", "[notify]") {
    auto call = call_from("Anna");
    CHECK(told(call, true).is_urgent);
    call.internal = true;
    CHECK_FALSE(told(call, true).is_urgent);
    CHECK(told(call, true).summary == "Incoming call");
    call.internal = false;
    call.state = protocol::CallState::answered;
    CHECK_FALSE(told(call, true).is_urgent);
}

TEST_CASE("the summary says what happens and holds nothing of the caller's", "[notify]") {
    auto call = call_from("<b>x</b>");
    CHECK(told(call, false).summary == "Incoming call");
    call.state = protocol::CallState::answered;
    CHECK(told(call, false).summary == "Call answered");
    const auto answered = told(call, false);
    call.state = protocol::CallState::held;
    CHECK(told(call, false) == answered); // nothing is shown anew
}

TEST_CASE("a hostile name is text, with markup and without", "[notify]") {
    const auto name =
        GENERATE(as<std::string>{}, "<b>&\"'$(reboot)\nroot", "<a href='http://x'>x</a>",
                 "<img src='file:///x'/>", "&amp;", "]]>", "<!DOCTYPE a>", "\x1b[31mred",
                 "a\r\nb\tc", "\xe2\x80\xae reversed", "\xff\xfe", "&#60;b>");
    CAPTURE(name);
    const auto call = call_from(name);
    const auto expected = "202  " + protocol::cleaned(name);
    CHECK(told(call, false).body == expected);
    CHECK(shown(told(call, true).body) == expected);
    CHECK(told(call, false).body.find_first_of("\n\r\t\x1b") == std::string::npos);
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
        const auto plain = told(call, false).body;
        CHECK(plain.size() <= notify::max_text + 1); // and a line break
        CHECK(protocol::is_utf8(plain));
        CHECK(shown(told(call, true).body) == plain);
        // A long name does not push out what the caller typed.
        CHECK_THAT(plain, Catch::Matchers::EndsWith("\nData: 12345"));
    }
}

TEST_CASE("a click does what is useful, and nothing has more than three buttons", "[notify]") {
    const Screen screen{false, true, false};
    auto call = call_from("Anna");
    CHECK(describe(call, screen, "").buttons == std::vector<Button>{{"hide", "Hide"}});
    const auto rings = describe(call, screen, "Customer page").buttons;
    CHECK(rings ==
          std::vector<Button>{{"default", ""}, {"open", "Open Customer page"}, {"hide", "Hide"}});
    // The click on the notification itself is not a button.
    CHECK(rings.size() - 1 <= max_buttons);
    call.state = protocol::CallState::answered;
    CHECK(describe(call, screen, "Customer page").buttons.size() == 2);
    CHECK(describe(call, {false, false, false}, "Customer page").buttons.empty());
}

TEST_CASE("the name of a rule on a button is cut and clean", "[notify]") {
    const Screen screen{false, true, false};
    const auto button =
        describe(call_from("Anna"), screen, "a\x1b[2J" + std::string(500, 'x')).buttons[1];
    CHECK(button.label.size() == std::string_view("Open ").size() + max_label);
    CHECK(button.label.find('\x1b') == std::string::npos);
}

TEST_CASE("a locked screen shows nothing but that somebody calls", "[notify]") {
    auto call = call_from("Anna");
    call.calldata = "12345";
    const auto text = describe(call, {true, true, true}, "Customer page");
    CHECK(text.summary == "Incoming call");
    CHECK(text.body.empty());
    CHECK(text.buttons.empty());
    CHECK(text.is_urgent);
}

TEST_CASE("a call is missed if nobody answered it and it was no queue's", "[notify]") {
    using protocol::EndReason;
    auto call = call_from("Anna");
    call.state = protocol::CallState::ended;
    for (const auto reason : {EndReason::none, EndReason::answered_elsewhere, EndReason::no_answer,
                              EndReason::busy, EndReason::rejected, EndReason::cancelled,
                              EndReason::failed, EndReason::transferred, EndReason::normal}) {
        call.end_reason = reason;
        CAPTURE(to_word(reason));
        CHECK(is_missed(call) ==
              (reason == EndReason::cancelled || reason == EndReason::no_answer));
    }
    call.end_reason = EndReason::cancelled;
    REQUIRE(is_missed(call));
    auto of_queue = call;
    of_queue.queue = "support";
    CHECK_FALSE(is_missed(of_queue));
    auto answered = call;
    answered.answer = 1;
    CHECK_FALSE(is_missed(answered));
    auto outbound = call;
    outbound.direction = protocol::Direction::outbound;
    CHECK_FALSE(is_missed(outbound));
    auto rings = call;
    rings.state = protocol::CallState::ringing;
    CHECK_FALSE(is_missed(rings));
}

TEST_CASE("a missed call says who it was, without urgency", "[notify]") {
    auto call = call_from("<b>Anna</b>");
    call.state = protocol::CallState::ended;
    const auto text = describe_missed(call, {true, true, false});
    CHECK(text.summary == "Missed call");
    CHECK(shown(text.body) == "202  <b>Anna</b>");
    CHECK_FALSE(text.is_urgent);
    CHECK(text.buttons.empty());
}
