// SPDX-License-Identifier: GPL-3.0-or-later
// The dialplan variables that are kept, and who tells of them.
#include "daemon/ami/byte_marks.hpp"
#include "daemon/calls/call_table.hpp"
#include "daemon/calls/details.hpp"

#include <algorithm>

namespace astcti::calls {
namespace {

using What = Change::What;

// "__calldata" is calldata, for the channels that this one calls.
std::string_view without_inheritance(std::string_view name) noexcept {
    for (int i = 0; i < 2 && name.starts_with('_'); ++i)
        name.remove_prefix(1);
    return name;
}

// Of a VarSet, from its end, where it is; empty if it is not to be found so. A value cannot hold
// a line end, as it is escaped from 13 on.
std::string_view variable_name(std::string_view packet) noexcept {
    constexpr std::string_view key = "Variable: ";
    while (!packet.empty()) {
        const auto line_end = ami::last_line_end(packet);
        auto line = packet.substr(line_end == packet.npos ? 0 : line_end + 1);
        packet.remove_suffix(packet.size() - (line_end == packet.npos ? 0 : line_end));
        if (!line.starts_with(key))
            continue;
        line.remove_prefix(key.size());
        return line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
    }
    return {};
}

} // namespace

bool CallTable::keeps(std::string_view name) const {
    return std::ranges::find(variables_, without_inheritance(name)) != variables_.end();
}

bool CallTable::wants(std::string_view event, std::string_view packet) {
    const auto kind = kind_of(event);
    if (kind == EventKind::step && seen_linkedid_)
        return false;
    if (kind != EventKind::variable)
        return kind != EventKind::other;
    seen_variable_ = true;
    const auto name = variable_name(packet);
    return name.empty() || keeps(name);
}

bool CallTable::set_variable(Leg& leg, std::string_view name, std::string_view value,
                             bool escaped) {
    name = without_inheritance(name);
    const auto kept = std::ranges::find(variables_, name);
    if (kept == variables_.end())
        return false;
    for (auto& [key, text] : leg.variables)
        if (key == name)
            return set_text(text, value, escaped);
    const CleanText text(value, escaped);
    if (text.empty())
        return false;
    leg.variables.add(*kept, text);
    return true;
}

// UserEvent(AstCTI,calldata: 12345): the variables are headers, and nothing is escaped.
void CallTable::user_event(Leg& leg, const ChannelEvent& event) {
    if (event.get(Field::user_event) != "AstCTI")
        return;
    bool changed = false;
    // The first of a name: what follows it may be a caller's.
    const auto& headers = event.packet().headers();
    for (const auto& name : variables_) {
        const auto found = std::ranges::find_if(
            headers, [&name](const auto& header) { return ami::same_key(header.key, name); });
        if (found != headers.end())
            changed |= set_variable(leg, name, found->value, false);
    }
    if (changed)
        tell(leg, What::details);
}

// Asterisk 1.4 tells of a variable in no other way. Anything newer does, and there the data of
// an application may hold what a caller made up.
void CallTable::literal_set(Leg& leg, const ChannelEvent& event) {
    if (seen_variable_ || seen_linkedid_ || event.get(Field::application) != "Set")
        return;
    const auto data = event.get(Field::application_data);
    const auto equals = data.find('=');
    if (equals != data.npos &&
        set_variable(leg, data.substr(0, equals), data.substr(equals + 1), false))
        tell(leg, What::details);
}

} // namespace astcti::calls
