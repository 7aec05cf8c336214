// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/original_event.hpp"
#include "tests/support/catch.hpp"

#include <libxml/parser.h>

using namespace astcti::protocol;

TEST_CASE("an event of the original is byte for byte what it was", "[original]") {
    std::string out;
    append_original_event(out, {OriginalEvent::Kind::link, "1.1", "SIP/201-0821bb20", "202",
                                "Demo 202", "astctidemo", "12345", "Up"});
    CHECK(out == "<event id=\"Link\">\n<call>\t<uniqueid>1.1</uniqueid>\n"
                 "\t<channel>SIP/201-0821bb20</channel>\n\t<calleridnum>202</calleridnum>\n"
                 "\t<calleridname>Demo 202</calleridname>\n\t<context>astctidemo</context>\n"
                 "\t<appdata>12345</appdata>\n\t<state>Up</state>\n</call></event>\n");
}

TEST_CASE("a caller cannot break out of an event of the original", "[original]") {
    std::string out;
    OriginalEvent event;
    event.caller_number = "<unknown>";
    event.caller_name = "</calleridname></call></event>\n<event id=\"Hangup\">&\"'";
    event.appdata = "</event><x>&amp;";
    append_original_event(out, event);

    CHECK(out.find("<calleridnum>unknown</calleridnum>") != out.npos);
    CHECK(out.find("</event>") == out.rfind("</event>"));
    CHECK(std::count(out.begin(), out.end(), '\n') == 5); // none of its own
    auto* document = xmlReadMemory(out.data(), static_cast<int>(out.size()), nullptr, nullptr,
                                   XML_PARSE_NONET | XML_PARSE_NOERROR);
    CHECK(document != nullptr);
    xmlFreeDoc(document);
}
