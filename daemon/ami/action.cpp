// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ami/action.hpp"

#include <algorithm>

namespace astcti::ami {
namespace {

void append(std::string& out, std::string_view key, std::string_view value) {
    out += key;
    out += ": ";
    out += value;
    out += "\r\n"; // 1.4 wants CR LF
}

std::string begin(std::string_view name, const ActionValue& id) {
    std::string out;
    append(out, "Action", name);
    append(out, "ActionID", id.text());
    return out;
}

std::string end(std::string out) {
    out += "\r\n";
    return out;
}

} // namespace

std::optional<ActionValue> ActionValue::from(std::string_view text) {
    const bool clean = std::all_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte >= 0x20 && byte != 0x7F;
    });
    if (!clean || text.size() > max_size)
        return std::nullopt;
    return ActionValue(text);
}

std::string challenge_action(const ActionValue& id) {
    auto out = begin("Challenge", id);
    append(out, "AuthType", "MD5");
    return end(std::move(out));
}

std::string login_action(const ActionValue& id, const ActionValue& user, const ActionValue& key) {
    auto out = begin("Login", id);
    append(out, "AuthType", "MD5");
    append(out, "Username", user.text());
    append(out, "Key", key.text());
    return end(std::move(out));
}

std::string ping_action(const ActionValue& id) {
    return end(begin("Ping", id));
}

std::string logoff_action(const ActionValue& id) {
    return end(begin("Logoff", id));
}

std::string core_show_channels_action(const ActionValue& id) {
    return end(begin("CoreShowChannels", id));
}

std::string bridge_list_action(const ActionValue& id) {
    return end(begin("BridgeList", id));
}

std::string status_action(const ActionValue& id) {
    return end(begin("Status", id));
}

std::string queue_status_action(const ActionValue& id) {
    return end(begin("QueueStatus", id));
}

std::string originate_action(const ActionValue& id, const Originate& originate) {
    auto out = begin("Originate", id);
    append(out, "Channel", originate.device.text());
    append(out, "Context", originate.context.text());
    append(out, "Exten", originate.number.text());
    append(out, "Priority", "1");
    append(out, "CallerID", originate.caller_id.text());
    append(out, "ChannelId", originate.channel_id.text());
    append(out, "Async", "true");
    return end(std::move(out));
}

} // namespace astcti::ami
