// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/bus/monitor_line.hpp"

#include "protocol/utf8.hpp"

namespace astcti::bus {
namespace {

std::string value(const Properties& call, const char* name) {
    const auto found = call.find(name);
    if (found == call.end() ||
        !found->second.is_of_type(Glib::Variant<Glib::ustring>::variant_type()))
        return {};
    const auto text = Glib::VariantBase::cast_dynamic<Glib::Variant<Glib::ustring>>(found->second);
    return protocol::cleaned(std::string(text.get()));
}

bool is(const Properties& call, const char* name) {
    const auto found = call.find(name);
    return found != call.end() && found->second.is_of_type(Glib::Variant<bool>::variant_type()) &&
           Glib::VariantBase::cast_dynamic<Glib::Variant<bool>>(found->second).get();
}

} // namespace

std::string monitor_line(const Properties& call) {
    auto line = value(call, "State") + ":";
    const auto append = [&](const char* before, const char* name, const char* after) {
        const auto text = value(call, name);
        if (!text.empty())
            line += before + text + after;
    };
    append(" ", "PeerNumber", "");
    append(" \"", "PeerName", "\"");
    if (value(call, "Presentation") == "withheld")
        line += " withheld";
    if (is(call, "Internal"))
        line += " internal";
    append(" calldata ", "CallData", "");
    append(" queue ", "Queue", "");
    append(" context ", "Context", "");
    append(" id ", "Id", "");
    append(" reason ", "EndReason", "");
    return line;
}

} // namespace astcti::bus
