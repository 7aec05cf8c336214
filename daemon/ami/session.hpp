// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/ami/action.hpp"
#include "daemon/ami/packet.hpp"
#include "daemon/ami/snapshot_query.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace astcti::ami {

// Monotonic time, from any beginning.
using Time = std::chrono::microseconds;

// Why a session is over, for the person who has to mend it.
struct Failure {
    std::string why;
    bool refused = false; // by Asterisk: trying again soon would not help
};

// What one manager connection has to say and understand, from the banner on: challenge
// login, snapshot, events, pings. Pure: it is given packets and the time, and gives bytes.
class Session {
public:
    static constexpr Time login_deadline = std::chrono::seconds(10);
    static constexpr Time ping_interval = std::chrono::seconds(5);
    // With the interval: a peer that is gone is noticed within 12 s.
    static constexpr Time ping_deadline = std::chrono::seconds(7);
    static constexpr Time snapshot_deadline = std::chrono::seconds(10);
    // What there is is asked again that often, should an event have been lost; and once more
    // on suspicion, but not at once again.
    static constexpr Time snapshot_interval = std::chrono::seconds(60);
    static constexpr Time shortest_snapshot_interval = std::chrono::seconds(5);

    // What the packet is to the owner.
    enum class Meaning {
        none,           // the session's own business
        logged_in,      // events come from now on
        event,          // something happened
        snapshot_item,  // a bridge, a queue's caller or a channel that is there
        snapshot_done,  // there are no others
        action_refused, // an Originate; see refusal()
    };

    Session(std::string user, std::string secret, Time now);

    // The first line.
    void banner(std::string_view line, Time now);
    Meaning received(const Packet& packet, Time now);
    // To be called when next_deadline() has passed.
    void tick(Time now);
    Time next_deadline() const noexcept;

    // An event was about something that is not known: asks soon what there is.
    void suspect(Time now);
    // What there is has been asked just now. Said once.
    bool take_snapshot_begun() noexcept { return std::exchange(snapshot_begun_, false); }

    void originate(const Originate& originate);
    void log_off();

    // Bytes to send; empty if there are none.
    std::string take_output();

    // Once set the session is over: close the connection.
    const std::optional<Failure>& failure() const noexcept { return failure_; }

    bool is_logged_in() const noexcept { return state_ == State::running; }
    const std::string& greeting() const noexcept { return greeting_; }
    // Of the last action that was refused.
    const std::string& refusal() const noexcept { return refusal_; }

private:
    enum class State { banner, challenge, login, running };

    ActionValue next_id();
    void send(std::string_view bytes) { output_ += bytes; }
    void fail(std::string why, bool refused = false);
    void challenged(const Packet& packet, Time now);
    Meaning answered_login(const Packet& packet, Time now);
    Meaning response(const Packet& packet, Time now);
    Meaning refused(const Packet& packet);
    Meaning meaning_of(SnapshotQuery::Answer answer);
    void ask_for_snapshot(Time now);
    void tick_running(Time now);

    std::string user_;
    std::string secret_;
    State state_ = State::banner;
    Time deadline_;
    bool ping_sent_ = false;
    std::uint64_t last_id_ = 0;
    std::string awaited_; // ActionID of the login step, or of the ping
    SnapshotQuery query_;
    Time asked_{};        // when the query began
    Time snapshot_due_{}; // when the next one begins
    bool snapshot_begun_ = false;
    std::string originate_id_;
    std::string greeting_;
    std::string refusal_;
    std::string output_;
    std::optional<Failure> failure_;
};

} // namespace astcti::ami
