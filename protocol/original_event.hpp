// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace astcti::protocol {

// One of the original's four events: PROTOCOL.md section 4. An empty field is left out.
struct OriginalEvent {
    enum class Kind { new_caller_id, new_state, link, hangup };

    Kind kind = Kind::new_state;
    std::string uniqueid;
    std::string channel;
    std::string caller_number;
    std::string caller_name;
    std::string context;
    std::string appdata;
    std::string state;

    bool operator==(const OriginalEvent&) const = default;
};

// Appends the event's lines. `<` and `>` are deleted from the caller-id fields, as the
// original did; the rest is escaped, which it did not.
void append_original_event(std::string& out, const OriginalEvent& event);

} // namespace astcti::protocol
