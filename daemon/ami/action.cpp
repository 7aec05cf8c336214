// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/ami/action.hpp"

#include <algorithm>
#include <utility>

namespace astcti::ami {
namespace {

constexpr std::string_view longest_header = "ChannelId: ";
static_assert(longest_header.size() + ActionValue::max_size + 2 <= ActionValue::max_line);

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

std::string_view Action::text(Name name) noexcept {
    switch (name) {
    case Name::challenge:
        return "Challenge";
    case Name::login:
        return "Login";
    case Name::ping:
        return "Ping";
    case Name::logoff:
        return "Logoff";
    case Name::core_show_channels:
        return "CoreShowChannels";
    case Name::bridge_list:
        return "BridgeList";
    case Name::queue_status:
        return "QueueStatus";
    case Name::status:
        return "Status";
    case Name::list_commands:
        return "ListCommands";
    case Name::originate:
        return "Originate";
    }
    return {};
}

std::string_view Action::text(Header header) noexcept {
    switch (header) {
    case Header::auth_type:
        return "AuthType";
    case Header::username:
        return "Username";
    case Header::key:
        return "Key";
    case Header::channel:
        return "Channel";
    case Header::context:
        return "Context";
    case Header::exten:
        return "Exten";
    case Header::priority:
        return "Priority";
    case Header::caller_id:
        return "CallerID";
    case Header::channel_id:
        return "ChannelId";
    case Header::async:
        return "Async";
    }
    return {};
}

std::string_view Action::text(Fixed value) noexcept {
    switch (value) {
    case Fixed::md5:
        return "MD5";
    case Fixed::first:
        return "1";
    case Fixed::yes:
        return "true";
    }
    return {};
}

Action::Action(Name name, const ActionValue& id) {
    line("Action", text(name));
    line("ActionID", id.text());
}

void Action::line(std::string_view key, std::string_view value) {
    bytes_ += key;
    bytes_ += ": ";
    bytes_ += value;
    bytes_ += "\r\n"; // 1.4 wants CR LF
}

Action&& Action::with(Header header, const ActionValue& value) && {
    line(text(header), value.text());
    return std::move(*this);
}

Action&& Action::with(Header header, Fixed value) && {
    line(text(header), text(value));
    return std::move(*this);
}

Action&& Action::end() && {
    bytes_ += "\r\n";
    return std::move(*this);
}

Action challenge_action(const ActionValue& id) {
    return Action(Action::Name::challenge, id)
        .with(Action::Header::auth_type, Action::Fixed::md5)
        .end();
}

Action login_action(const ActionValue& id, const ActionValue& user, const ActionValue& key) {
    return Action(Action::Name::login, id)
        .with(Action::Header::auth_type, Action::Fixed::md5)
        .with(Action::Header::username, user)
        .with(Action::Header::key, key)
        .end();
}

Action ping_action(const ActionValue& id) {
    return Action(Action::Name::ping, id).end();
}

Action logoff_action(const ActionValue& id) {
    return Action(Action::Name::logoff, id).end();
}

Action core_show_channels_action(const ActionValue& id) {
    return Action(Action::Name::core_show_channels, id).end();
}

Action bridge_list_action(const ActionValue& id) {
    return Action(Action::Name::bridge_list, id).end();
}

Action queue_status_action(const ActionValue& id) {
    return Action(Action::Name::queue_status, id).end();
}

Action status_action(const ActionValue& id) {
    return Action(Action::Name::status, id).end();
}

Action list_commands_action(const ActionValue& id) {
    return Action(Action::Name::list_commands, id).end();
}

Action originate_action(const ActionValue& id, const Originate& originate) {
    return Action(Action::Name::originate, id)
        .with(Action::Header::channel, originate.device)
        .with(Action::Header::context, originate.context)
        .with(Action::Header::exten, originate.number)
        .with(Action::Header::priority, Action::Fixed::first)
        .with(Action::Header::caller_id, originate.caller_id)
        .with(Action::Header::channel_id, originate.channel_id)
        .with(Action::Header::async, Action::Fixed::yes)
        .end();
}

} // namespace astcti::ami
