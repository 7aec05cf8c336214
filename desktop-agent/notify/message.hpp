// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "desktop-agent/notify/text.hpp"
#include "protocol/call.hpp"

#include <chrono>
#include <cstdint>
#include <glibmm/variant.h>
#include <string>
#include <string_view>
#include <utility>

namespace astcti::notify {

inline constexpr const char* service = "org.freedesktop.Notifications";
inline constexpr const char* object = "/org/freedesktop/Notifications";
inline constexpr const char* interface = "org.freedesktop.Notifications";
inline constexpr std::uint32_t dismissed_by_person = 2;

// Arguments of Notify. `replaced` is the id of the notification in whose place it goes, or 0; `tag`
// another name of that, for servers that know tags, or empty.
Glib::VariantContainerBase notify_parameters(std::uint32_t replaced, const std::string& tag,
                                             const Text& text, protocol::CallState state,
                                             std::chrono::milliseconds answered_shown);

Glib::VariantContainerBase close_parameters(std::uint32_t id);

// From the answer to Notify; 0 if it is not one.
std::uint32_t id_of(const Glib::VariantContainerBase& answer);

// A missed call: stays until the person closes it.
Glib::VariantContainerBase missed_parameters(const Text& text);

// From the answer to GetCapabilities: is the body read as markup, and are there buttons? A strange
// answer: escaped text does no harm, and no buttons neither.
Screen screen_of(const Glib::VariantContainerBase& answer);

// Id and reason of NotificationClosed; zeros if it is not one.
std::pair<std::uint32_t, std::uint32_t>
closed_notification(const Glib::VariantContainerBase& parameters);

// Why it was closed, for a person.
std::string_view closed_because(std::uint32_t reason) noexcept;

// Id and text of ActionInvoked (the button's key) or ActivationToken; zero if it is not one.
std::pair<std::uint32_t, std::string> text_signal(const Glib::VariantContainerBase& parameters);

} // namespace astcti::notify
