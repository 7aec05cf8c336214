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
// A hint and, of servers that heed it, a capability: mako's and dunst's.
constexpr const char* tag_hint = "x-canonical-private-synchronous";

// Only one that has the type: nothing else may come from a server.
template <typename T>
Variant<T> as(const Glib::VariantContainerBase& value) {
    if (!value.gobj() || !value.is_of_type(Variant<T>::variant_type()))
        return {};
    return Glib::VariantBase::cast_dynamic<Variant<T>>(value);
}

Glib::VariantContainerBase parameters_of(std::uint32_t replaced, const std::string& tag,
                                         const Text& text, const char* icon, const char* category,
                                         std::int32_t expires) {
    std::map<ustring, Glib::VariantBase> hints{
        {"urgency",
         Variant<unsigned char>::create(text.is_urgent ? urgency_critical : urgency_normal)},
        {"category", Variant<ustring>::create(category)},
        {"desktop-entry", Variant<ustring>::create("org.astcti.Agent")},
    };
    if (!tag.empty())
        hints.emplace(tag_hint, Variant<ustring>::create(tag));
    std::vector<ustring> actions;
    for (const auto& button : text.buttons) {
        actions.emplace_back(button.key);
        actions.emplace_back(button.label);
    }
    return Glib::VariantContainerBase::create_tuple({
        Variant<ustring>::create("AstCTI"),
        Variant<std::uint32_t>::create(replaced),
        Variant<ustring>::create(icon),
        Variant<ustring>::create(text.summary),
        Variant<ustring>::create(text.body),
        Variant<std::vector<ustring>>::create(actions),
        Variant<std::map<ustring, Glib::VariantBase>>::create(hints),
        Variant<std::int32_t>::create(expires),
    });
}

} // namespace

Glib::VariantContainerBase notify_parameters(std::uint32_t replaced, const std::string& tag,
                                             const Text& text, protocol::CallState state,
                                             std::chrono::milliseconds answered_shown) {
    const bool rings = state == protocol::CallState::ringing;
    return parameters_of(replaced, tag, text, "call-start", rings ? "call.incoming" : "call",
                         rings ? never : static_cast<std::int32_t>(answered_shown.count()));
}

Glib::VariantContainerBase missed_parameters(const Text& text) {
    return parameters_of(0, {}, text, "call-missed-symbolic", "call.unanswered", never);
}

Glib::VariantContainerBase close_parameters(std::uint32_t id) {
    return Glib::VariantContainerBase::create_tuple(Variant<std::uint32_t>::create(id));
}

std::uint32_t id_of(const Glib::VariantContainerBase& answer) {
    const auto value = as<std::tuple<std::uint32_t>>(answer);
    return value.gobj() ? std::get<0>(value.get()) : 0;
}

Screen screen_of(const Glib::VariantContainerBase& answer) {
    Screen screen;
    const auto value = as<std::tuple<std::vector<ustring>>>(answer);
    if (!value.gobj())
        return screen;
    const auto [capabilities] = value.get();
    const auto has = [&capabilities = capabilities](const char* name) {
        return std::find(capabilities.begin(), capabilities.end(), name) != capabilities.end();
    };
    screen.escape = has("body-markup");
    screen.buttons = has("actions");
    screen.tags = has(tag_hint);
    return screen;
}

std::pair<std::uint32_t, std::uint32_t>
closed_notification(const Glib::VariantContainerBase& parameters) {
    const auto value = as<std::tuple<std::uint32_t, std::uint32_t>>(parameters);
    if (!value.gobj())
        return {0, 0};
    const auto [id, reason] = value.get();
    return {id, reason};
}

std::string_view closed_because(std::uint32_t reason) noexcept {
    switch (reason) {
    case 1:
        return "its time was over";
    case dismissed_by_person:
        return "you closed it";
    case 3:
        return "the agent closed it";
    default:
        return "for a reason that it does not tell";
    }
}

std::pair<std::uint32_t, std::string> text_signal(const Glib::VariantContainerBase& parameters) {
    const auto value = as<std::tuple<std::uint32_t, ustring>>(parameters);
    if (!value.gobj())
        return {0, {}};
    const auto [id, text] = value.get();
    return {id, text.raw()};
}

} // namespace astcti::notify
