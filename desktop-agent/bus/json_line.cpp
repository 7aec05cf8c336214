// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/bus/json_line.hpp"

#include "protocol/json.hpp"

namespace astcti::bus {
namespace {

using Glib::ustring;
using Glib::Variant;
using Glib::VariantBase;
using protocol::json_text;
using Members = std::vector<std::pair<std::string_view, std::string>>;

std::string array(const std::vector<ustring>& values) {
    std::vector<std::string> texts;
    texts.reserve(values.size());
    for (const auto& value : values)
        texts.push_back(json_text(value.raw()));
    return protocol::json_array(texts);
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
        return json_text(get<ustring>(value).raw());
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
    const auto map = get<Map>(value);
    Members members;
    for (const auto& [name, text] : map)
        members.emplace_back(name.raw(), json_text(text.raw()));
    return protocol::json_object(members);
}

} // namespace

std::string json_line(std::string_view event, const std::vector<ustring>& changed,
                      const Properties& call) {
    Members properties;
    for (const auto& [name, value] : call)
        properties.emplace_back(name.raw(), json_value(value));
    Members line{{"event", json_text(event)}};
    if (event == "changed")
        line.emplace_back("changed", array(changed));
    line.emplace_back("call", protocol::json_object(properties));
    return protocol::json_object(line);
}

} // namespace astcti::bus
