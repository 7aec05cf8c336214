// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ami/action.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>

using namespace astcti::ami;

namespace {

ActionValue value(std::string_view text) {
    return *ActionValue::from(text);
}

} // namespace

TEST_CASE("an originate is exactly these headers", "[ami]") {
    CHECK(originate_action(value("a-1"), {value("PJSIP/201"), value("astctidemo"), value("203"),
                                          value("201"), value("astcti-7.1")})
              .bytes() ==
          "Action: Originate\r\nActionID: a-1\r\nChannel: PJSIP/201\r\nContext: astctidemo\r\n"
          "Exten: 203\r\nPriority: 1\r\nCallerID: 201\r\nChannelId: astcti-7.1\r\nAsync: "
          "true\r\n\r\n");
}

TEST_CASE("a login sends the key, never the secret", "[ami]") {
    CHECK(challenge_action(value("1")).bytes() ==
          "Action: Challenge\r\nActionID: 1\r\nAuthType: MD5\r\n\r\n");
    CHECK(login_action(value("2"), value("cti"), value("abc")).bytes() ==
          "Action: Login\r\nActionID: 2\r\nAuthType: MD5\r\nUsername: cti\r\nKey: abc\r\n\r\n");
}

TEST_CASE("the other actions have no headers of their own", "[ami]") {
    using Make = Action (*)(const ActionValue&);
    const auto row = GENERATE(table<std::string, Make>({
        {"Ping", ping_action},
        {"Logoff", logoff_action},
        {"CoreShowChannels", core_show_channels_action},
        {"BridgeList", bridge_list_action},
        {"QueueStatus", queue_status_action},
        {"Status", status_action},
        {"ListCommands", list_commands_action},
    }));
    CHECK(std::get<1>(row)(value("a-1")).bytes() ==
          "Action: " + std::get<0>(row) + "\r\nActionID: a-1\r\n\r\n");
}

TEST_CASE("no line is longer than Asterisk's buffer", "[ami]") {
    const auto longest = value(std::string(ActionValue::max_size, 'x'));
    const auto bytes =
        originate_action(longest, {longest, longest, longest, longest, longest}).bytes() +
        login_action(longest, longest, longest).bytes();
    std::size_t begin = 0;
    std::size_t most = 0;
    for (auto end = bytes.find('\n'); end != bytes.npos; end = bytes.find('\n', begin)) {
        most = std::max(most, end + 1 - begin);
        begin = end + 1;
    }
    CHECK(most > ActionValue::max_size);
    CHECK(most <= ActionValue::max_line);
}

TEST_CASE("text that could end a header never becomes a value", "[ami]") {
    const auto text = GENERATE(as<std::string>{}, "100\r\nApplication: System", "a\nb", "a\rb",
                               std::string("a\0b", 3), "\x7f", "\x1b", "a\tb",
                               std::string(ActionValue::max_size + 1, 'x'));
    CAPTURE(text.substr(0, 40));
    CHECK_FALSE(ActionValue::from(text));
}

TEST_CASE("whatever bytes a value has, an originate has its ten lines", "[ami]") {
    const auto lines_of = [](const std::string& bytes) {
        return std::count(bytes.begin(), bytes.end(), '\n');
    };
    int values = 0;
    for (int first = 0; first < 256; ++first)
        for (int second = 0; second < 256; ++second) {
            const char text[] = {static_cast<char>(first), static_cast<char>(second)};
            const auto made = ActionValue::from({text, 2});
            if (!made)
                continue;
            ++values;
            const auto bytes = originate_action(*made, {*made, *made, *made, *made, *made}).bytes();
            if (lines_of(bytes) != 10 || bytes.find('\0') != bytes.npos)
                FAIL("a value ended its line");
        }
    CHECK(values == 223 * 223); // but for 32 control characters and DEL
}

TEST_CASE("text of the limit is a value", "[ami]") {
    CHECK(ActionValue::from(std::string(ActionValue::max_size, 'x')));
    CHECK(ActionValue::from(""));
    CHECK(ActionValue::from("M\u00fcller")->text() == "M\u00fcller");
}
