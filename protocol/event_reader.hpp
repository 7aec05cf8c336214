// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "protocol/event.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace astcti::protocol {

// The longest line that append_event() makes of any call, and read_event() accepts.
inline constexpr std::size_t max_event_line = 65536;

// An event of a later version that this one does not know: to be skipped.
struct UnknownEvent {
    std::string name;
};

// Why a line is no event.
struct EventError {
    std::string why;
};

// Reads one line of the native dialect (without its LF). A document type, an entity of its
// own or a processing instruction is an error: the server has no business with those.
// Unknown elements and attributes are ignored. A Peer event comes with the state that its
// times tell; whoever keeps calls knows better.
std::variant<Event, UnknownEvent, EventError> read_event(std::string_view line);

} // namespace astcti::protocol
