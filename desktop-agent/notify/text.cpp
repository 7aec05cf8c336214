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

} // namespace

Text describe(const protocol::Call& call, bool escape) {
    auto room = max_text;
    // What the caller typed is short and wanted; the name can be long and is a stranger's.
    const auto data = call.calldata.empty() ? "" : line_of("Data: ", call.calldata, room);
    const auto queue = call.queue.empty() ? "" : line_of("Queue: ", call.queue, room);
    auto plain = line_of("", peer(call), room);
    for (const auto& line : {data, queue})
        if (!line.empty())
            plain += "\n" + line;

    Text text;
    const bool rings = call.state == protocol::CallState::ringing;
    text.summary = rings ? "Incoming call" : "Call answered";
    text.is_urgent = rings && !call.internal;
    if (!escape) {
        text.body = std::move(plain);
        return text;
    }
    // Line breaks are ours: everything else of the line is escaped.
    for (std::size_t begin = 0; begin <= plain.size();) {
        const auto end = std::min(plain.find('\n', begin), plain.size());
        if (begin != 0)
            text.body += '\n';
        protocol::append_escaped(text.body, std::string_view(plain).substr(begin, end - begin));
        begin = end + 1;
    }
    return text;
}

} // namespace astcti::notify
