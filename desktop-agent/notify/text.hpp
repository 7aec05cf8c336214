// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "protocol/call.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace astcti::notify {

// Of caller text in a notification, in bytes before it is escaped.
inline constexpr std::size_t max_text = 256;
// Of the name of a rule on a button.
inline constexpr std::size_t max_label = 40;
// GNOME Shell drops the fourth.
inline constexpr std::size_t max_buttons = 3;

// What clicking does; these are the keys of the notification server's actions. "default" is a
// click on the notification itself.
inline constexpr const char* open_key = "open";
inline constexpr const char* default_key = "default";
inline constexpr const char* hide_key = "hide";

struct Button {
    std::string key;
    std::string label;

    bool operator==(const Button&) const = default;
};

// What a notification says. The summary is ours alone: servers differ in what they make of
// it, so no stranger's text is in it.
struct Text {
    std::string summary;
    std::string body;
    bool is_urgent = false; // a call that rings, but not that of a colleague
    std::vector<Button> buttons;

    bool operator==(const Text&) const = default;
};

// What the server can do, and who can see the screen.
struct Screen {
    bool escape = true;   // the server reads the body as markup, so the caller's text is escaped
    bool buttons = false; // the server takes actions
    bool locked = false;  // anybody may look: nothing of the caller is shown
    bool tags = false;    // a notification takes the place of one with the same tag
};

// `opens`: the name of the rule that a click runs; empty if there is none.
Text describe(const protocol::Call& call, const Screen& screen, const std::string& opens);

// Nobody answered a call that was this person's to answer: who called gave up, or the PBX did. A
// call of a queue is another's to answer as well.
bool is_missed(const protocol::Call& call) noexcept;

// What is said of it, while the screen is not locked.
Text describe_missed(const protocol::Call& call, const Screen& screen);

} // namespace astcti::notify
