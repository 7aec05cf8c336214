// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/ami/packet.hpp"

#include <string_view>
#include <utility>

namespace astcti::ami {

// Whether what Asterisk says now may be a caller's words. Some values are sent as they are, line
// ends and all, so a caller can end a packet in its middle and have packets of his own follow;
// behind them comes the rest of the real one. Asterisk sends a packet in one piece, and he cannot
// know our ActionIDs: so all between a packet that was cut and the next one with an ActionID of
// ours is doubtful. And Asterisk 1.4 to 23 sends a list in one piece, too (manager.c: one thread
// for a session runs its actions and writes its events): behind an item that has a caller's values
// nothing comes but what is part of the list. ARCHITECTURE.md section 3.2.
// Pure; knows of a packet only what it is told.
class Doubt {
public:
    // A header is missing that Asterisk always sends.
    static bool is_cut(const Packet& event) noexcept;
    // The same of an event as it came that nobody needs, as far as its last line shows it.
    static bool is_cut(std::string_view packet) noexcept;
    // An event of this name may be the first that has a value, and should not be passed over.
    static bool begins(std::string_view event) noexcept { return event == "NewAccountCode"; }
    // Of the event of a list: values of a caller are in it.
    static bool has_callers_values(std::string_view item) noexcept;
    // Of the same: they come before the ActionID, so if one is cut its end has the ActionID,
    // behind whatever the caller wrote.
    static bool has_late_action_id(std::string_view item) noexcept;

    // A packet was cut.
    void cut() noexcept {
        holds_ = true;
        is_near_ = true;
        had_cut_ = true;
    }
    // So was an item before its ActionID.
    void cut_before_action_id() noexcept {
        cut();
        tail_follows_ = true;
    }
    // A packet with an ActionID of ours came; false if it is the end of one that was cut.
    [[nodiscard]] bool believes(std::string_view event) noexcept {
        holds_ = has_callers_values(event);
        return !std::exchange(tail_follows_, false);
    }

    // What comes without our ActionID is doubtful.
    bool holds() const noexcept { return holds_; }
    // Who forges is there: everything is to be looked at, needed or not.
    bool is_near() const noexcept { return is_near_; }

    void list_asked() noexcept { had_cut_ = false; }
    void list_done() noexcept { is_near_ = had_cut_; }

private:
    bool holds_ = false;
    bool tail_follows_ = false;
    bool is_near_ = false;
    bool had_cut_ = false; // since the list was asked for
};

} // namespace astcti::ami
