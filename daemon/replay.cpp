// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/replay.hpp"

#include "daemon/ami/packet_parser.hpp"
#include "daemon/ami/snapshot_query.hpp"
#include "protocol/event_writer.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace astcti {
namespace {

constexpr std::string_view banner = "Asterisk Call Manager/";
constexpr std::string_view end_of_script = "EndOfScript";
// Of a recording without times: only their order counts.
constexpr calls::Clock first_moment = 1000000;
constexpr calls::Clock between_packets = 1000;

// Microseconds from "Timestamp: 1795406905.123456" (timestampevents=yes); 0 if it is none.
calls::Clock time_of(const ami::Packet& packet) {
    const auto text = packet.get("Timestamp");
    double seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    const bool good = error == std::errc{} && seconds > 0 && seconds < 1e11;
    return good ? static_cast<calls::Clock>(seconds * 1e6) : 0;
}

// The answers to what astctid asks for a snapshot; the channels come last.
Replay::List list_begun(const ami::Packet& packet) {
    const auto message = packet.get("Message");
    if (message == "Channels will follow" || message == "Channel status will follow")
        return Replay::List::channels;
    if (message == "Bridge listing will follow" || message == "Queue status will follow")
        return Replay::List::other;
    return Replay::List::none;
}

std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            out += '\\';
        out += c;
    }
    return out + '"';
}

std::string word(std::string_view text) {
    const bool plain = !text.empty() && text.find_first_of(" \"") == text.npos;
    return plain ? std::string(text) : quoted(text);
}

void append(std::string& out, std::string_view name, std::string_view value) {
    if (!value.empty())
        fmt::format_to(std::back_inserter(out), " {} {}", name, word(value));
}

std::string described(const protocol::CallEvent& event) {
    const auto& call = event.call;
    auto out = fmt::format(
        "{} {} {} {}", protocol::event_name(event), protocol::to_word(call.direction),
        call.peer_number.empty() ? "-" : word(call.peer_number), quoted(call.peer_name));
    append(out, "called", call.called_number);
    append(out, "context", call.context);
    append(out, "queue", call.queue);
    append(out, "calldata", call.calldata);
    for (const auto& [name, value] : call.variables)
        append(out, "variable", fmt::format("{}={}", name, value));
    if (!call.own_number.empty() || !call.own_name.empty())
        fmt::format_to(std::back_inserter(out), " own {} {}",
                       call.own_number.empty() ? "-" : word(call.own_number),
                       quoted(call.own_name));
    if (call.internal)
        out += " internal";
    if (call.withheld)
        out += " withheld";
    if (call.state == protocol::CallState::ended)
        fmt::format_to(std::back_inserter(out), " reason {} cause {}",
                       protocol::to_word(call.end_reason), call.cause);
    return out;
}

} // namespace

Replay::Replay(ReplayOptions options) : options_(std::move(options)) {
    options_.variables.emplace_back("calldata");
}

void Replay::add_account(const std::string& user, const std::vector<std::string>& devices) {
    if (devices.empty())
        return;
    sessions_.add({sessions_.all().size() + 1,
                   user,
                   devices.front(),
                   false,
                   {devices.begin() + 1, devices.end()}});
    devices_.insert(devices.begin(), devices.end());
}

void Replay::begin() {
    router_ = std::make_unique<routing::Router>(sessions_);
    router_->set_account_devices(devices_);
    router_->set_number_rules(options_.numbers);
    table_ = std::make_unique<calls::CallTable>(options_.pbx, options_.variables);
    numbers_.clear();
    list_ = List::none;
    now_ = first_moment;
}

std::size_t Replay::run(std::string_view recording, std::string& out) {
    begin();
    std::size_t unreadable = 0;
    while (!recording.empty()) {
        const auto next = recording.find(std::string("\n") + std::string(banner), 1);
        const auto size = next == recording.npos ? recording.size() : next + 1;
        unreadable += connection(recording.substr(0, size), out);
        recording.remove_prefix(size);
    }
    return unreadable;
}

std::size_t Replay::connection(std::string_view bytes, std::string& out) {
    ami::PacketParser parser;
    ami::Packet packet;
    list_ = List::none;
    parser.set_interest([this](std::string_view event, std::string_view bytes_of_it) {
        return event == end_of_script || ami::SnapshotQuery::needs(event) ||
               table_->wants(event, bytes_of_it);
    });
    parser.feed(bytes);
    if (bytes.starts_with(banner)) {
        std::string_view line;
        parser.next_line(line);
    }
    for (std::size_t unreadable = 0;;) {
        const auto status = parser.next(packet);
        if (status == ami::PacketParser::Status::packet)
            received(packet, out);
        else if (status == ami::PacketParser::Status::malformed)
            ++unreadable;
        else
            return unreadable;
    }
}

// Answers to what was asked have no class, or come whatever the class is.
bool Replay::may_be_read(const ami::Packet& packet) const {
    const auto classes = packet.get("Privilege");
    if (!options_.least_rights || classes.empty() || !packet.get("ActionID").empty())
        return true;
    const std::string list = "," + std::string(classes) + ",";
    return list.find(",call,") != list.npos || list.find(",agent,") != list.npos ||
           list.find(",user,") != list.npos;
}

void Replay::received(const ami::Packet& packet, std::string& out) {
    const auto time = time_of(packet);
    now_ = time != 0 ? std::max(time, now_) : now_ + between_packets;
    if (const auto list = list_begun(packet); list != List::none) {
        // One that was not finished is void.
        if (list_ == List::none || list_ == List::channels)
            table_->begin_snapshot();
        list_ = list;
    } else if (packet.event() == "CoreShowChannelsComplete" || packet.event() == "StatusComplete") {
        list_ = List::none;
        tell(router_->changed(*table_, table_->end_snapshot(now_)), out);
    } else if (packet.event() == end_of_script) {
        out += "---\n";
        begin();
    } else if (may_be_read(packet)) {
        tell(router_->changed(*table_, table_->apply(packet, now_)), out);
    }
    table_->sweep();
}

void Replay::tell(const std::vector<routing::Delivery>& deliveries, std::string& out) {
    for (const auto& delivery : deliveries) {
        const auto& event =
            std::get<protocol::CallEvent>(std::get<protocol::EventBody>(delivery.event));
        const auto& user = sessions_.find(delivery.to)->user;
        auto& numbers = numbers_[user];
        const auto number = numbers.try_emplace(event.call.id, numbers.size() + 1).first->second;
        fmt::format_to(std::back_inserter(out), "{} {} {}{}\n", user, number, described(event),
                       options_.with_ids ? " id " + event.call.id : "");
    }
}

} // namespace astcti
