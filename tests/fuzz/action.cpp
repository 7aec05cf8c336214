// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever people and configuration say, Asterisk reads exactly one action with exactly the headers
// that it is to have.
#include "daemon/ami/action.hpp"

#include "tests/fuzz/fuzz.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

using namespace astcti;
using fuzz::must;

namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

// As strict as no Asterisk is: lines end with CR LF, a header is "Key: value", the empty line is
// the last thing there is.
Headers read(std::string_view bytes) {
    Headers headers;
    for (;;) {
        const auto end = bytes.find("\r\n");
        must(end != bytes.npos, "an action ends with an empty line");
        const auto line = bytes.substr(0, end);
        bytes.remove_prefix(end + 2);
        if (line.empty())
            break;
        must(line.size() < 1000, "a line fits into Asterisk's buffer");
        for (const char c : line) {
            const auto byte = static_cast<unsigned char>(c);
            must(byte >= 0x20 && byte != 0x7F, "a line has no control character");
        }
        const auto colon = line.find(": ");
        must(colon != line.npos && colon > 0, "a line is a header");
        headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
    }
    must(bytes.empty(), "there is one action");
    return headers;
}

void check(const ami::Action& action, const Headers& headers) {
    must(read(action.bytes()) == headers,
         "an action has its own headers, in their order, as they were given");
}

// What may be a value, looked at in another way than the program does.
bool is_fit(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i)
        if (static_cast<unsigned char>(text[i]) < ' ' || text[i] == '\x7F')
            return false;
    return text.size() <= ami::ActionValue::max_size;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // A byte says how long a field is; 255 makes it too long to be one.
    fuzz::Input input(data, size);
    std::vector<ami::ActionValue> values;
    while (values.size() < 6) {
        const auto length = input.byte();
        std::string text(input.bytes(length));
        if (length == 255)
            text.append(ami::ActionValue::max_size - 254, 'x');
        auto value = ami::ActionValue::from(text);
        must(value.has_value() == is_fit(text), "only what is fit becomes a value");
        if (value)
            must(value->text() == text, "a value is what it was made from");
        else
            value = ami::ActionValue::from("x");
        values.push_back(*value);
    }
    const auto& id = values[0];
    const auto text = [&values](std::size_t i) { return values[i].text(); };
    check(ami::challenge_action(id),
          {{"Action", "Challenge"}, {"ActionID", text(0)}, {"AuthType", "MD5"}});
    check(ami::login_action(id, values[1], values[2]), {{"Action", "Login"},
                                                        {"ActionID", text(0)},
                                                        {"AuthType", "MD5"},
                                                        {"Username", text(1)},
                                                        {"Key", text(2)}});
    check(ami::originate_action(id, {values[1], values[2], values[3], values[4], values[5]}),
          {{"Action", "Originate"},
           {"ActionID", text(0)},
           {"Channel", text(1)},
           {"Context", text(2)},
           {"Exten", text(3)},
           {"Priority", "1"},
           {"CallerID", text(4)},
           {"ChannelId", text(5)},
           {"Async", "true"}});
    check(ami::ping_action(id), {{"Action", "Ping"}, {"ActionID", text(0)}});
    check(ami::logoff_action(id), {{"Action", "Logoff"}, {"ActionID", text(0)}});
    check(ami::status_action(id), {{"Action", "Status"}, {"ActionID", text(0)}});
    check(ami::bridge_list_action(id), {{"Action", "BridgeList"}, {"ActionID", text(0)}});
    check(ami::queue_status_action(id), {{"Action", "QueueStatus"}, {"ActionID", text(0)}});
    check(ami::list_commands_action(id), {{"Action", "ListCommands"}, {"ActionID", text(0)}});
    check(ami::core_show_channels_action(id),
          {{"Action", "CoreShowChannels"}, {"ActionID", text(0)}});
    return 0;
}
