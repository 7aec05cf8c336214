// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/bus/call_properties.hpp"

#include "desktop-agent/calls/derived.hpp"
#include "protocol/utf8.hpp"

#include <vector>

namespace astcti::bus {
namespace {

using Glib::ustring;
using Glib::Variant;
using Glib::VariantBase;

VariantBase string(std::string_view value) {
    return Variant<ustring>::create(text(value));
}

VariantBase time(protocol::Microseconds value) {
    return Variant<guint64>::create(value);
}

VariantBase strings(const std::vector<std::string>& values) {
    std::vector<ustring> out;
    out.reserve(values.size());
    for (const auto& value : values)
        out.push_back(text(value));
    return Variant<std::vector<ustring>>::create(out);
}

VariantBase variables(const protocol::Call& call) {
    std::map<ustring, ustring> map;
    for (const auto& [name, value] : call.variables)
        map[text(name)] = text(value);
    return Variant<std::map<ustring, ustring>>::create(map);
}

} // namespace

ustring text(std::string_view text) {
    if (protocol::is_utf8(text) && text.find('\0') == std::string_view::npos)
        return ustring(std::string(text));
    return ustring(protocol::cleaned(text));
}

Properties properties_of(const protocol::Call& call, Sharing sharing) {
    return {
        {"Id", string(call.id)},
        {"Pbx", string(call.pbx)},
        {"UniqueId", string(call.uniqueid)},
        {"LinkedId", string(call.linkedid)},
        {"Direction", string(to_word(call.direction))},
        {"State", string(to_word(call.state))},
        {"EndReason", string(to_word(call.end_reason))},
        {"Cause", Variant<guint32>::create(call.cause)},
        {"OwnNumber", string(call.own_number)},
        {"OwnName", string(call.own_name)},
        {"PeerNumber", string(call.peer_number)},
        {"PeerName", string(call.peer_name)},
        {"PeerUniqueId", string(call.peer_uniqueid)},
        {"Presentation", string(calls::presentation_of(call))},
        {"Internal", Variant<bool>::create(call.internal)},
        {"CalledNumber", string(call.called_number)},
        {"Channel", string(call.channel)},
        {"Devices", strings(calls::devices_of(call))},
        {"AnsweredBy", string(calls::answered_by(call))},
        {"Context", string(call.context)},
        {"Queue", string(call.queue)},
        {"CallData", string(sharing.data ? call.calldata : "")},
        {"Variables", sharing.data ? variables(call) : variables({})},
        {"StartTime", time(call.start)},
        {"AnswerTime", time(call.answer)},
        {"EndTime", time(call.end)},
    };
}

} // namespace astcti::bus
