// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "protocol/call.hpp"

#include <cstddef>
#include <string>

namespace astcti::notify {

// Of caller text in a notification, in bytes before it is escaped.
inline constexpr std::size_t max_text = 256;

// What a notification says. The summary is ours alone: servers differ in what they make of
// it, so no stranger's text is in it.
struct Text {
    std::string summary;
    std::string body;
    bool is_urgent = false; // a call that rings, but not that of a colleague

    bool operator==(const Text&) const = default;
};

// `escape`: the server reads the body as markup, so the caller's text is escaped.
Text describe(const protocol::Call& call, bool escape);

} // namespace astcti::notify
