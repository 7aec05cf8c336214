// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/calls/channel_event.hpp"
#include "daemon/calls/leg.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace astcti::calls {

// What Asterisk wrote, un-escaped if it was escaped, clean, at most max_text_size bytes. Of what
// is that already, as nearly all is, this is a view: `raw` must last as long.
class CleanText {
public:
    explicit CleanText(std::string_view raw, bool escaped = false);
    CleanText(const CleanText&) = delete;
    CleanText& operator=(const CleanText&) = delete;

    operator std::string_view() const noexcept { return view_; } // NOLINT: it is one
    std::string_view view() const noexcept { return view_; }
    bool empty() const noexcept { return view_.empty(); }

private:
    std::string cleaned_;
    std::string_view view_;
};

// Puts that into `field`. False if it was that already.
bool set_text(LegText& field, std::string_view raw, bool escaped = false);

// Takes over what the event's first channel is told along with: numbers, names, where it is in
// the dialplan. `old_caller_id`: before Asterisk 1.8 the caller id of a dialed leg is its
// caller's. False if nothing is new.
bool update_details(Leg& leg, const ChannelEvent& event, bool old_caller_id);

// A ChannelStateDesc, and what it means here.
struct StateWord {
    std::string_view text; // lasts
    LegState state;
};

// Nothing for a word that means nothing here.
const StateWord* state_from(std::string_view text) noexcept;

// When the channel began, by its Uniqueid; `now` if that does not tell.
Clock start_of(std::string_view uniqueid, Clock now) noexcept;

// Cause: ITU-T Q.850, 0 if it is none.
std::uint32_t cause_from(std::string_view text) noexcept;

// The cause that fits an OriginateResponse's Reason (main/manager.c, AST_CONTROL_…).
std::uint32_t cause_of_reason(std::string_view reason) noexcept;

// The dial status that fits it; empty for a reason that says nothing.
std::string_view status_of_reason(std::string_view reason) noexcept;

// CID-CallingPres: "35 (Presentation Prohibited, Network Number)".
bool is_prohibited(std::string_view presentation) noexcept;

} // namespace astcti::calls
