// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/ami/action.hpp"
#include "daemon/ami/doubt.hpp"
#include "daemon/ami/packet.hpp"
#include "daemon/ami/passed_rights.hpp"
#include "daemon/ami/pending_actions.hpp"
#include "daemon/ami/remark.hpp"
#include "daemon/ami/rights.hpp"
#include "daemon/ami/snapshot_query.hpp"
#include "daemon/ami/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace astcti::ami {

// Why a session is over, for the person who has to mend it.
struct Failure {
    std::string why;
    bool refused = false; // by Asterisk: trying again soon would not help
};

// A call that Asterisk did not place.
struct FailedOriginate {
    Originate originate;
    std::string why;
};

// What one manager connection has to say and understand, from the banner on: challenge
// login, snapshot, events, pings. Pure: it is given packets and the time, and gives bytes.
class Session {
public:
    static constexpr Time login_deadline = std::chrono::seconds(10);
    static constexpr Time ping_interval = std::chrono::seconds(5);
    // With the interval: a peer that is gone is noticed within 12 s.
    static constexpr Time ping_deadline = std::chrono::milliseconds(6500);
    static constexpr Time snapshot_deadline = std::chrono::seconds(10);
    // What there is is asked again that often, should an event have been lost; and once more
    // on suspicion, but not at once again.
    static constexpr Time snapshot_interval = std::chrono::seconds(60);
    static constexpr Time shortest_snapshot_interval = std::chrono::seconds(5);
    // What is doubtful waits for the list.
    static constexpr Time doubt_interval = std::chrono::seconds(1);

    // What the packet is to the owner.
    enum class Meaning {
        none,          // the session's own business
        logged_in,     // events come from now on
        event,         // something happened
        snapshot_item, // a bridge, a queue's caller or a channel that is there
        snapshot_done, // there are no others
        cut_item,      // an item whose end a caller's words have cut off: its Channel is there
        doubtful,      // an event that may be a caller's words: what it ends the list is to end
    };

    // `ids` begins each ActionID; it should be one that a caller who can forge an event cannot
    // guess, or he could end a list before its end. What was asked by an earlier session of the
    // same ids has numbers up to `last_id`.
    Session(std::string user, std::string secret, Time now, std::string ids = "astcti",
            std::uint64_t last_id = 0);

    // The first line.
    void banner(std::string_view line, Time now);
    Meaning received(const Packet& packet, Time now);
    // One that the parser dropped, as far as it was read.
    Meaning malformed(const Packet& packet, Time now);
    // A caller forges events: none is to be passed over.
    bool is_in_doubt() const noexcept { return doubt_.is_near(); }
    // An event that nobody needs, as it came: it may still tell of a right. False if a caller's
    // words have cut it: was_cut() is to be called.
    [[nodiscard]] bool passed_over(std::string_view packet);
    void was_cut(Time now);
    // To be called when next_deadline() has passed.
    void tick(Time now);
    Time next_deadline() const noexcept;

    // An event was about something that is not known: asks soon what there is.
    void suspect(Time now);
    // What there is has been asked just now. Said once.
    bool take_snapshot_begun() noexcept { return std::exchange(snapshot_begun_, false); }

    // False if too many calls are being placed. What becomes of it: take_failed_originates().
    [[nodiscard]] bool originate(const Originate& originate, Time now);
    void log_off();
    // The calls that Asterisk refused, or did not answer to in time. Each is told once.
    std::vector<FailedOriginate> take_failed_originates();
    // The connection is lost: what was not answered failed, too.
    void abandon(std::string_view why);

    // Bytes to send; empty if there are none.
    std::string take_output();

    // Once set the session is over: close the connection.
    const std::optional<Failure>& failure() const noexcept { return failure_; }

    bool is_logged_in() const noexcept { return state_ == State::running; }
    const std::string& greeting() const noexcept { return greeting_; }
    std::uint64_t last_id() const noexcept { return last_id_; }
    // For the log. Each is told once.
    std::vector<Remark> take_remarks();

private:
    enum class State { banner, challenge, login, running };

    using Kind = PendingActions::Kind;

    ActionValue next_id();
    void send(const Action& action) { output_ += action.bytes(); }
    void send(const ActionValue& id, Kind kind, const Action& action, Time deadline);
    void fail(std::string why, bool refused = false);
    void challenged(const Packet& packet, Time now);
    Meaning answered_login(const Packet& packet, Time now);
    Meaning response(const Packet& packet, Time now);
    Meaning list_response(const Packet& packet, Time now);
    bool is_ours(std::string_view action_id) const noexcept;
    bool is_believed(const Packet& packet);
    void warn_of_forgery();
    Meaning cut(const Packet& packet, Time now);
    Meaning live_event(const Packet& packet, Time now);
    void stray(const Packet& packet);
    void unanswered(const PendingActions::Pending& pending);
    Meaning meaning_of(SnapshotQuery::Answer answer, Time now);
    void ask_for_snapshot(Time now);
    void ask_for_rights(Time now);
    void tick_running(Time now);

    std::string user_;
    std::string secret_;
    std::string ids_;
    State state_ = State::banner;
    Time deadline_; // of the banner; then when the next ping is due
    Time logged_in_{};
    std::uint64_t last_id_;
    std::uint64_t strays_ = 0;
    PendingActions pending_;
    SnapshotQuery query_;
    Doubt doubt_;
    bool has_warned_ = false; // of who forges
    Time asked_{};            // when the query began
    Time snapshot_due_{};     // when the next one begins
    bool snapshot_begun_ = false;
    bool rights_asked_ = false;
    Rights rights_;
    PassedRights passed_rights_;
    std::vector<FailedOriginate> failed_;
    std::vector<Remark> remarks_;
    std::string greeting_;
    std::string output_;
    std::optional<Failure> failure_;
};

} // namespace astcti::ami
