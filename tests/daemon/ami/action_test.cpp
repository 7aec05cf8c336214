// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ami/action.hpp"
#include "tests/support/catch.hpp"

using namespace astcti::ami;

namespace {

ActionValue value(std::string_view text) {
    return *ActionValue::from(text);
}

} // namespace

TEST_CASE("an originate is exactly these headers", "[ami]") {
    CHECK(originate_action(value("a-1"), {value("PJSIP/201"), value("astctidemo"), value("203"),
                                          value("201"), value("astcti-7.1")}) ==
          "Action: Originate\r\nActionID: a-1\r\nChannel: PJSIP/201\r\nContext: astctidemo\r\n"
          "Exten: 203\r\nPriority: 1\r\nCallerID: 201\r\nChannelId: astcti-7.1\r\nAsync: "
          "true\r\n\r\n");
}

TEST_CASE("a login sends the key, never the secret", "[ami]") {
    CHECK(challenge_action(value("1")) ==
          "Action: Challenge\r\nActionID: 1\r\nAuthType: MD5\r\n\r\n");
    CHECK(login_action(value("2"), value("cti"), value("abc")) ==
          "Action: Login\r\nActionID: 2\r\nAuthType: MD5\r\nUsername: cti\r\nKey: abc\r\n\r\n");
}

TEST_CASE("text that could end a header never becomes a value", "[ami]") {
    const auto text = GENERATE(as<std::string>{}, "100\r\nApplication: System", "a\nb", "a\rb",
                               std::string("a\0b", 3), "\x7f", "\x1b", "a\tb",
                               std::string(ActionValue::max_size + 1, 'x'));
    CAPTURE(text.substr(0, 40));
    CHECK_FALSE(ActionValue::from(text));
}

TEST_CASE("text of the limit is a value", "[ami]") {
    CHECK(ActionValue::from(std::string(ActionValue::max_size, 'x')));
    CHECK(ActionValue::from(""));
    CHECK(ActionValue::from("M\u00fcller")->text() == "M\u00fcller");
}
