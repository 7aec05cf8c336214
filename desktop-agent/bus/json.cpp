// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/bus/json.hpp"

#include <fmt/format.h>

namespace astcti::bus {
namespace {

using Glib::ustring;
using Glib::Variant;
using Glib::VariantBase;

// RFC 8259 section 7. What comes from D-Bus is UTF-8. Beyond what must be escaped, DEL and the C1
// control characters are: a terminal obeys them.
std::string quoted(const std::string& text) {
    std::string out = "\"";
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const bool is_c1 =
            byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
        if (byte == '"' || byte == '\\')
            out += {'\\', text[i]};
        else if (is_c1)
            out += fmt::format("\\u{:04x}", static_cast<unsigned char>(text[++i]));
        else if (byte < 0x20 || byte == 0x7F)
            out += fmt::format("\\u{:04x}", byte);
        else
            out += text[i];
    }
    return out + "\"";
}

std::string array(const std::vector<ustring>& values) {
    std::string out;
    for (const auto& value : values)
        out += (out.empty() ? "" : ",") + quoted(value.raw());
    return "[" + out + "]";
}

template <typename T>
bool is(const VariantBase& value) {
    return value.is_of_type(Variant<T>::variant_type());
}

template <typename T>
T get(const VariantBase& value) {
    return VariantBase::cast_dynamic<Variant<T>>(value).get();
}

std::string json_value(const VariantBase& value) {
    using Map = std::map<ustring, ustring>;
    if (is<ustring>(value))
        return quoted(get<ustring>(value).raw());
    if (is<bool>(value))
        return get<bool>(value) ? "true" : "false";
    if (is<guint32>(value))
        return std::to_string(get<guint32>(value));
    if (is<guint64>(value))
        return std::to_string(get<guint64>(value));
    if (is<std::vector<ustring>>(value))
        return array(get<std::vector<ustring>>(value));
    if (!is<Map>(value))
        return "null"; // a property of a later version
    std::string out;
    for (const auto& [name, text] : get<Map>(value))
        out += (out.empty() ? "" : ",") + quoted(name.raw()) + ":" + quoted(text.raw());
    return "{" + out + "}";
}

} // namespace

std::string json_line(std::string_view event, const std::vector<ustring>& changed,
                      const Properties& call) {
    std::string properties;
    for (const auto& [name, value] : call)
        properties +=
            (properties.empty() ? "" : ",") + quoted(name.raw()) + ":" + json_value(value);
    return fmt::format("{{\"event\":\"{}\",{}\"call\":{{{}}}}}", event,
                       event == "changed" ? "\"changed\":" + array(changed) + "," : "", properties);
}

} // namespace astcti::bus
