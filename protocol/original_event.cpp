// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/original_event.hpp"

#include "protocol/call.hpp"
#include "protocol/utf8.hpp"
#include "protocol/xml_writer.hpp"

namespace astcti::protocol {
namespace {

std::string_view id_of(OriginalEvent::Kind kind) noexcept {
    switch (kind) {
    case OriginalEvent::Kind::new_caller_id:
        return "Newcallerid";
    case OriginalEvent::Kind::new_state:
        return "Newstate";
    case OriginalEvent::Kind::link:
        return "Link";
    case OriginalEvent::Kind::hangup:
        return "Hangup";
    }
    return {};
}

void append_field(std::string& out, std::string_view name, std::string_view value,
                  std::size_t limit) {
    if (value.empty())
        return;
    out += '\t';
    append_element(out, name, cut(value, limit));
    out += '\n';
}

std::string without_angles(std::string_view text) {
    std::string out;
    for (const char c : text)
        if (c != '<' && c != '>')
            out += c;
    return out;
}

} // namespace

void append_original_event(std::string& out, const OriginalEvent& event) {
    out += "<event id=\"";
    out += id_of(event.kind);
    out += "\">\n<call>";
    append_field(out, "uniqueid", event.uniqueid, max_name_size);
    append_field(out, "channel", event.channel, max_name_size);
    append_field(out, "calleridnum", without_angles(event.caller_number), max_name_size);
    append_field(out, "calleridname", without_angles(event.caller_name), max_name_size);
    append_field(out, "context", event.context, max_name_size);
    append_field(out, "appdata", event.appdata, max_variable_size);
    append_field(out, "state", event.state, max_name_size);
    out += "</call></event>\n";
}

} // namespace astcti::protocol
