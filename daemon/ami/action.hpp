// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace astcti::ami {

// Text that may stand in an action's header. Asterisk ends a header at LF and cuts it at
// NUL, an empty line would begin a second action, and its line buffer has 1024 bytes
// (main/manager.c): such text never becomes a value.
class ActionValue {
public:
    static constexpr std::size_t max_size = 900;

    // Nothing if the text has a control character in it or is too long.
    static std::optional<ActionValue> from(std::string_view text);

    const std::string& text() const noexcept { return text_; }

private:
    explicit ActionValue(std::string_view text) : text_(text) {}

    std::string text_;
};

// The actions that astctid ever sends; each returns the bytes. There are no others, and no
// way to add a header to one: no Application, no Data, no Variable.
std::string challenge_action(const ActionValue& id);
std::string login_action(const ActionValue& id, const ActionValue& user, const ActionValue& key);
std::string ping_action(const ActionValue& id);
std::string logoff_action(const ActionValue& id);
std::string core_show_channels_action(const ActionValue& id);
std::string bridge_list_action(const ActionValue& id);
std::string queue_status_action(const ActionValue& id);
// What Asterisk 1.4 has in the place of CoreShowChannels.
std::string status_action(const ActionValue& id);

// Rings `device`, then sends it to the number. Asterisk answers at once (Async).
struct Originate {
    ActionValue device;
    ActionValue context;
    ActionValue number;
    ActionValue caller_id;
    ActionValue channel_id; // the Uniqueid that its channel gets (Asterisk 12 and newer)
};
std::string originate_action(const ActionValue& id, const Originate& originate);

} // namespace astcti::ami
