// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/wire_pbx.hpp"

#include <array>
#include <fmt/format.h>

namespace astcti::bench {
namespace {

std::string_view value(std::string_view packet, std::string_view key) {
    const auto begin = packet.find(key);
    if (begin == packet.npos)
        return {};
    const auto rest = packet.substr(begin + key.size());
    return rest.substr(0, rest.find("\r\n"));
}

std::string ids(const WirePbx::Call& call, std::string_view prefix = "") {
    return fmt::format("{0}Channel: PJSIP/{1}-{2}\r\n{0}Uniqueid: {3}\r\n{0}Linkedid: {3}\r\n",
                       prefix, call.number, call.unique_id.substr(call.unique_id.find('.') + 1),
                       call.unique_id);
}

std::string caller(const WirePbx::Call& call) {
    return fmt::format("Channel: PJSIP/trunk-{0}\r\nUniqueid: 9{1}\r\nLinkedid: 9{1}\r\n",
                       call.unique_id.substr(call.unique_id.find('.') + 1), call.unique_id);
}

} // namespace

WirePbx::~WirePbx() {
    drop();
    ::close(listener_);
}

void WirePbx::drop() {
    if (fd_ >= 0) {
        ::close(fd_);
        ++losses_;
    }
    fd_ = -1;
    is_known_ = false;
    in_.clear();
    out_.clear();
}

void WirePbx::accept() {
    const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0)
        return;
    drop();
    fd_ = fd;
    no_delay(fd);
    watch(epoll_, fd, this);
    send("Asterisk Call Manager/11.0.0\r\n");
}

void WirePbx::ready() {
    accept();
    std::array<char, 65536> buffer;
    while (fd_ >= 0) {
        const auto count = ::recv(fd_, buffer.data(), buffer.size(), MSG_DONTWAIT);
        if (count < 0 && errno == EAGAIN)
            break;
        if (count <= 0) {
            drop();
            return;
        }
        in_.append(buffer.data(), static_cast<std::size_t>(count));
    }
    constexpr std::string_view empty_line = "\r\n\r\n";
    for (auto end = in_.find(empty_line); end != in_.npos; end = in_.find(empty_line)) {
        const auto packet = in_.substr(0, end + 2);
        in_.erase(0, end + empty_line.size());
        answer(value(packet, "Action: "), value(packet, "ActionID: "));
    }
}

void WirePbx::answer(std::string_view action, std::string_view id) {
    auto out = fmt::format("Response: Success\r\nActionID: {}\r\n", id);
    if (action == "Challenge")
        out += "Challenge: 1\r\n";
    else if (action == "Ping")
        out += "Ping: Pong\r\n";
    else if (action == "ListCommands")
        out += "Originate: Originate a call.  (Priv: originate,all)\r\n"
               "CoreShowChannels: List channels.  (Priv: system,reporting,all)\r\n";
    const bool is_channels = action == "CoreShowChannels";
    if (!is_channels && action != "BridgeList" && action != "QueueStatus") {
        send(out + "\r\n");
        return;
    }
    out += "EventList: start\r\n\r\n";
    if (is_channels)
        for (const auto& [name, call] : calls_) {
            const auto item = [&](std::string_view which, std::string_view state) {
                out += fmt::format("Event: CoreShowChannel\r\nActionID: {}\r\n{}ChannelStateDesc: "
                                   "{}\r\nApplication: AppDial\r\nDuration: 00:00:01\r\n\r\n",
                                   id, which, state);
            };
            item(ids(call), call.is_up ? "Up" : "Ringing");
        }
    out += fmt::format("Event: {}Complete\r\nActionID: {}\r\nEventList: Complete\r\n\r\n",
                       is_channels ? "CoreShowChannels" : action, id);
    is_known_ |= is_channels;
    send(out);
}

void WirePbx::send(std::string_view bytes) {
    if (fd_ < 0)
        return;
    try {
        send_all(fd_, bytes);
    } catch (const std::system_error&) {
        drop();
    }
}

std::string WirePbx::ring(int number) {
    ++last_;
    const Call call{number, fmt::format("1795406933.{}", last_), false};
    out_ += fmt::format("Event: Newchannel\r\n{}ChannelStateDesc: Down\r\nExten: s\r\n\r\n"
                        "Event: Newchannel\r\n{}ChannelStateDesc: Ring\r\nCallerIDNum: 202\r\n"
                        "CallerIDName: Demo 202\r\nExten: 100\r\n\r\n"
                        "Event: DialBegin\r\n{}{}DestChannelStateDesc: Down\r\n\r\n"
                        "Event: Newstate\r\n{}ChannelStateDesc: Ringing\r\n"
                        "ConnectedLineNum: 202\r\nConnectedLineName: Demo 202\r\n"
                        "ChanVariable: calldata=12345\r\n\r\n",
                        ids(call), caller(call), caller(call), ids(call, "Dest"), ids(call));
    auto name = fmt::format("pbx1:{}:user{}", call.unique_id, number);
    calls_.emplace(name, call);
    return name;
}

void WirePbx::answer(const std::string& name) {
    auto& call = calls_.at(name);
    call.is_up = true;
    for (const auto& which : {ids(call), caller(call)})
        out_ += fmt::format("Event: Newstate\r\n{0}ChannelStateDesc: Up\r\n\r\n"
                            "Event: BridgeEnter\r\nBridgeUniqueid: bridge-{1}\r\n"
                            "BridgeNumChannels: 2\r\n{0}\r\n",
                            which, call.unique_id);
}

void WirePbx::hang_up(const std::string& name) {
    const auto found = calls_.find(name);
    if (found == calls_.end())
        return;
    out_ += fmt::format("Event: Hangup\r\n{}Cause: 16\r\n\r\nEvent: Hangup\r\n{}Cause: 16\r\n\r\n",
                        ids(found->second), caller(found->second));
    calls_.erase(found);
}

std::string WirePbx::hold(const std::string& name, bool on) {
    const auto unique_id = name.substr(name.find(':') + 1);
    const Call call{std::stoi(name.substr(name.find(":user") + 5)),
                    unique_id.substr(0, unique_id.find(':')), false};
    return fmt::format("Event: {}\r\n{}\r\n", on ? "Hold" : "Unhold", ids(call));
}

void WirePbx::flush() {
    send(out_);
    out_.clear();
}

} // namespace astcti::bench
