// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/notify/text.hpp"

#include "protocol/utf8.hpp"
#include "protocol/xml_writer.hpp"

namespace astcti::notify {
namespace {

std::string peer(const protocol::Call& call) {
    if (call.withheld)
        return "Number withheld";
    if (call.peer_name.empty() && call.peer_number.empty())
        return "Unknown caller";
    if (call.peer_name.empty() || call.peer_name == call.peer_number)
        return call.peer_number;
    if (call.peer_number.empty())
        return call.peer_name;
    // The number first: a long name must not push it out.
    return call.peer_number + "  " + call.peer_name;
}

// One line of at most `room` bytes; takes what it needs from it.
std::string line_of(const std::string& label, const std::string& value, std::size_t& room) {
    const auto clean = protocol::cleaned(label + value);
    const auto kept = protocol::cut(clean, room);
    room -= kept.size();
    return std::string(kept);
}

// Who called and what is known, in lines.
std::string lines_of(const protocol::Call& call) {
    auto room = max_text;
    // What the caller typed is short and wanted; the name can be long and is a stranger's.
    const auto data = call.calldata.empty() ? "" : line_of("Data: ", call.calldata, room);
    const auto queue = call.queue.empty() ? "" : line_of("Queue: ", call.queue, room);
    auto plain = line_of("", peer(call), room);
    for (const auto& line : {data, queue})
        if (!line.empty())
            plain += "\n" + line;
    return plain;
}

// Line breaks are ours: everything else of a line is escaped.
std::string escaped(std::string_view plain) {
    std::string out;
    for (std::size_t begin = 0; begin <= plain.size();) {
        const auto end = std::min(plain.find('\n', begin), plain.size());
        if (begin != 0)
            out += '\n';
        protocol::append_escaped(out, plain.substr(begin, end - begin));
        begin = end + 1;
    }
    return out;
}

} // namespace

Text describe(const protocol::Call& call, const Screen& screen, const std::string& opens) {
    Text text;
    const bool rings = call.state == protocol::CallState::ringing;
    text.summary = rings ? "Incoming call" : "Call answered";
    text.is_urgent = rings && !call.internal;
    if (screen.locked)
        return text;
    text.body = lines_of(call);
    if (screen.escape)
        text.body = escaped(text.body);
    if (!screen.buttons)
        return text;
    if (!opens.empty()) {
        const auto label =
            "Open " + std::string(protocol::cut(protocol::cleaned(opens), max_label));
        // Without a label: XFCE makes a button of each that has one.
        text.buttons = {{default_key, {}}, {open_key, label}};
    }
    if (rings)
        text.buttons.push_back({hide_key, "Hide"});
    return text;
}

bool is_missed(const protocol::Call& call) noexcept {
    return call.state == protocol::CallState::ended &&
           call.direction == protocol::Direction::inbound && call.answer == 0 &&
           call.queue.empty() &&
           (call.end_reason == protocol::EndReason::cancelled ||
            call.end_reason == protocol::EndReason::no_answer);
}

Text describe_missed(const protocol::Call& call, const Screen& screen) {
    Text text;
    text.summary = "Missed call";
    text.body = lines_of(call);
    if (screen.escape)
        text.body = escaped(text.body);
    return text;
}

} // namespace astcti::notify
