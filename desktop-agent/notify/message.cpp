// SPDX-License-Identifier: GPL-3.0-or-later
#include "desktop-agent/notify/message.hpp"

#include <algorithm>
#include <map>
#include <vector>

namespace astcti::notify {
namespace {

using Glib::ustring;
using Glib::Variant;

constexpr unsigned char urgency_normal = 1;
constexpr unsigned char urgency_critical = 2;
constexpr std::int32_t never = 0;

// Only one that has the type: nothing else may come from a server.
template <typename T>
Variant<T> as(const Glib::VariantContainerBase& value) {
    if (!value.gobj() || !value.is_of_type(Variant<T>::variant_type()))
        return {};
    return Glib::VariantBase::cast_dynamic<Variant<T>>(value);
}

} // namespace

Glib::VariantContainerBase notify_parameters(std::uint32_t replaced, const Text& text,
                                             protocol::CallState state,
                                             std::chrono::milliseconds answered_shown) {
    const bool rings = state == protocol::CallState::ringing;
    const std::map<ustring, Glib::VariantBase> hints{
        {"urgency",
         Variant<unsigned char>::create(text.is_urgent ? urgency_critical : urgency_normal)},
        {"category", Variant<ustring>::create(rings ? "call.incoming" : "call")},
        {"desktop-entry", Variant<ustring>::create("org.astcti.Agent")},
    };
    const auto expires = rings ? never : static_cast<std::int32_t>(answered_shown.count());
    return Glib::VariantContainerBase::create_tuple({
        Variant<ustring>::create("AstCTI"),
        Variant<std::uint32_t>::create(replaced),
        Variant<ustring>::create("call-start"),
        Variant<ustring>::create(text.summary),
        Variant<ustring>::create(text.body),
        Variant<std::vector<ustring>>::create({}),
        Variant<std::map<ustring, Glib::VariantBase>>::create(hints),
        Variant<std::int32_t>::create(expires),
    });
}

Glib::VariantContainerBase close_parameters(std::uint32_t id) {
    return Glib::VariantContainerBase::create_tuple(Variant<std::uint32_t>::create(id));
}

std::uint32_t id_of(const Glib::VariantContainerBase& answer) {
    const auto value = as<std::tuple<std::uint32_t>>(answer);
    return value.gobj() ? std::get<0>(value.get()) : 0;
}

bool has_markup(const Glib::VariantContainerBase& answer) {
    const auto value = as<std::tuple<std::vector<ustring>>>(answer);
    if (!value.gobj())
        return true; // a strange server: escaped text does no harm
    const auto [capabilities] = value.get();
    return std::find(capabilities.begin(), capabilities.end(), "body-markup") != capabilities.end();
}

std::pair<std::uint32_t, std::uint32_t>
closed_notification(const Glib::VariantContainerBase& parameters) {
    const auto value = as<std::tuple<std::uint32_t, std::uint32_t>>(parameters);
    if (!value.gobj())
        return {0, 0};
    const auto [id, reason] = value.get();
    return {id, reason};
}

} // namespace astcti::notify
