// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace astcti::ami {

// Text that may stand in an action's header. Asterisk ends a header at LF and cuts it at
// NUL, and an empty line would begin a second action: such text never becomes a value.
class ActionValue {
public:
    // Asterisk's line buffer has 1025 bytes, NUL and the header's name included
    // (main/manager.c, 1.6.0 to 23; 1024 in 1.4). What is longer is refused twice, and the
    // second time without an ActionID.
    static constexpr std::size_t max_line = 1022;
    static constexpr std::size_t max_size = 900;

    // Nothing if the text has a control character in it or is too long.
    static std::optional<ActionValue> from(std::string_view text);

    const std::string& text() const noexcept { return text_; }

private:
    explicit ActionValue(std::string_view text) : text_(text) {}

    std::string text_;
};

// Rings `device`, then sends it to the number. Asterisk answers at once (Async).
struct Originate {
    ActionValue device;
    ActionValue context;
    ActionValue number;
    ActionValue caller_id;
    ActionValue channel_id; // the Uniqueid that its channel gets (Asterisk 12 and newer)
};

// One whole action, as bytes. Only the functions below make one, of their own headers: there
// are no other actions, and no way to add a header to one: no Application, no Data, no
// Variable. tests/daemon/ami/action_compile_test.py shows that the compiler sees to it.
class Action {
public:
    const std::string& bytes() const noexcept { return bytes_; }

private:
    enum class Name {
        challenge,
        login,
        ping,
        logoff,
        core_show_channels,
        bridge_list,
        queue_status,
        status,
        list_commands,
        originate,
    };
    enum class Header {
        auth_type,
        username,
        key,
        channel,
        context,
        exten,
        priority,
        caller_id,
        channel_id,
        async,
    };
    // Values that are always the same.
    enum class Fixed { md5, first, yes };

    Action(Name name, const ActionValue& id);
    Action&& with(Header header, const ActionValue& value) &&;
    Action&& with(Header header, Fixed value) &&;
    Action&& end() &&;
    void line(std::string_view key, std::string_view value);

    static std::string_view text(Name name) noexcept;
    static std::string_view text(Header header) noexcept;
    static std::string_view text(Fixed value) noexcept;

    friend Action challenge_action(const ActionValue&);
    friend Action login_action(const ActionValue&, const ActionValue&, const ActionValue&);
    friend Action ping_action(const ActionValue&);
    friend Action logoff_action(const ActionValue&);
    friend Action core_show_channels_action(const ActionValue&);
    friend Action bridge_list_action(const ActionValue&);
    friend Action queue_status_action(const ActionValue&);
    friend Action status_action(const ActionValue&);
    friend Action list_commands_action(const ActionValue&);
    friend Action originate_action(const ActionValue&, const Originate&);

    std::string bytes_;
};

Action challenge_action(const ActionValue& id);
Action login_action(const ActionValue& id, const ActionValue& user, const ActionValue& key);
Action ping_action(const ActionValue& id);
Action logoff_action(const ActionValue& id);
Action core_show_channels_action(const ActionValue& id);
Action bridge_list_action(const ActionValue& id);
Action queue_status_action(const ActionValue& id);
// What Asterisk 1.4 has in the place of CoreShowChannels.
Action status_action(const ActionValue& id);
// Which actions this user may do, and so which rights he has.
Action list_commands_action(const ActionValue& id);
Action originate_action(const ActionValue& id, const Originate& originate);

} // namespace astcti::ami
