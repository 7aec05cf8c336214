// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/routing/person_call.hpp"

#include "daemon/routing/end_reason.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <span>
#include <tuple>

namespace astcti::routing {
namespace {

using calls::Leg;
using calls::LegState;
using calls::Parties;
using protocol::Call;
using protocol::CallState;
using protocol::Direction;

constexpr std::string_view calldata = "calldata";

void take(std::string& field, std::string_view value) {
    if (!value.empty() && field != value)
        field = value;
}

// An extension that says whom one talks to: "s" is where calls begin that dialled nothing.
std::string_view dialled(std::string_view extension) noexcept {
    return extension == "s" ? std::string_view{} : extension;
}

// Of two telephones of one person the one that is further counts; one that ended does not.
const Leg& leading(const std::vector<const Leg*>& legs) noexcept {
    const auto rank = [](const Leg* leg) {
        return std::tuple(!leg->has_ended(), leg->is_up(), leg->state == LegState::ringing);
    };
    return **std::max_element(legs.begin(), legs.end(),
                              [&rank](const Leg* a, const Leg* b) { return rank(a) < rank(b); });
}

bool is_answered(CallState state) noexcept {
    return state == CallState::answered || state == CallState::held;
}

// One description: the leg that counts, who is at the other end, and what becomes of the call.
class Description {
public:
    Description(PersonCall& before, const Leg& leg, const Surroundings& surroundings)
        : before_(before), next_(before.call), leg_(leg), parties_(calls::parties_of(leg)),
          party_(parties_.only()), surroundings_(surroundings) {
        // While it only calls, nobody is there yet: of several telephones any may answer.
        if (party_ && leg.places && !(leg.is_up() && party_->is_up()))
            party_ = nullptr;
    }

    Call&& of(std::string_view pbx, std::string_view user) {
        if (!before_.told)
            begin(pbx, user);
        const bool is_new_party = party_ && calls::lasting_name(party_->channel) != before_.party;
        if (is_new_party || waits_for_callers())
            forget_peer();
        describe_direction();
        next_.state = state();
        next_.uniqueid = leg_.uniqueid;
        next_.channel = leg_.channel;
        take(next_.linkedid, leg_.linkedid);
        take(next_.own_number, leg_.number);
        take(next_.own_name, leg_.name);
        describe_peer();
        protocol::rewrite_peer(surroundings_.rules, next_);
        describe_source();
        describe_variables();
        describe_internal(is_new_party);
        describe_times();
        if (next_.state == CallState::ended && before_.end)
            describe_end();
        if (party_) {
            before_.party = calls::lasting_name(party_->channel);
            next_.peer_uniqueid = party_->uniqueid;
        }
        return std::move(next_);
    }

private:
    void begin(std::string_view pbx, std::string_view user) {
        next_.pbx = pbx;
        next_.id = call_id(pbx, before_.legs.front(), user);
        next_.start = leg_.start;
    }

    // An agent of a pool, between two callers.
    bool waits_for_callers() const noexcept {
        return leg_.is_agent && leg_.bridge && leg_.bridge->holding;
    }

    void forget_peer() {
        next_.peer_uniqueid.clear();
        next_.peer_number.clear();
        next_.peer_name.clear();
        next_.calldata.clear();
        next_.variables.clear();
        next_.queue.clear();
        next_.withheld = false;
        next_.internal = false;
        before_.party.clear();
        if (leg_.is_agent)
            next_.called_number.clear();
    }

    bool is_inbound() const noexcept { return next_.direction == Direction::inbound; }
    // Its telephone was made to ring, so that it calls.
    bool is_originated() const noexcept { return !is_inbound() && !leg_.places; }

    void describe_direction() {
        if (!before_.told) {
            const bool made_to_call =
                leg_.originated || (parties_.originated && parties_.local_queue.empty());
            next_.direction =
                leg_.places || made_to_call ? Direction::outbound : Direction::inbound;
        }
        const bool takes_a_call = leg_.picked_up || (leg_.is_agent && party_);
        if (!takes_a_call || is_inbound())
            return;
        next_.direction = Direction::inbound;
        if (next_.peer_name.empty() && next_.peer_number == next_.called_number)
            next_.peer_number.clear(); // it was what this one dialled
        next_.called_number.clear();
    }

    CallState state() const {
        if (leg_.has_ended())
            return CallState::ended;
        const auto now = live_state();
        const auto before = before_.told ? before_.call.state : CallState::ended;
        if (is_answered(before) && !is_answered(now))
            return CallState::answered;
        // Another leg may lead since a masquerade.
        return before == CallState::alerting && now == CallState::dialing ? before : now;
    }

    CallState live_state() const {
        const bool was_answered = before_.told && before_.call.answer != 0;
        const bool party_is_up = party_ && party_->is_up();
        if (leg_.is_up() && is_originated() && !was_answered && !party_is_up) {
            const bool rings = leg_.child_rings || (party_ && party_->state == LegState::ringing);
            return rings ? CallState::alerting : CallState::dialing;
        }
        if (leg_.is_up())
            return holds() ? CallState::held : CallState::answered;
        if (is_originated())
            return CallState::dialing;
        if (!leg_.places)
            return CallState::ringing;
        return leg_.child_rings ? CallState::alerting : CallState::dialing;
    }

    // A hold is of the party of that moment.
    bool holds() const {
        if (!leg_.holds)
            before_.held.reset();
        else if (!before_.held)
            before_.held = before_.party;
        const auto with =
            party_ ? calls::lasting_name(party_->channel) : std::string_view(before_.party);
        return leg_.holds && (before_.held->empty() || *before_.held == with);
    }

    void describe_peer() {
        if (party_ && party_->withheld) {
            next_.withheld = true;
            next_.peer_number.clear();
            next_.peer_name.clear();
        } else if (party_ && !(party_->number.empty() && party_->name.empty())) {
            next_.peer_number = party_->number;
            next_.peer_name = party_->name;
            next_.withheld = false;
        } else if (leg_.is_agent) {
            return; // what is left of the last caller
        } else if ((party_ || before_.party.empty()) && !leg_.connected_number.empty() &&
                   leg_.connected_number != leg_.number.view()) {
            next_.peer_number = leg_.connected_number;
            next_.peer_name = leg_.connected_name;
        } else if (!is_inbound() && next_.peer_number.empty() && next_.peer_name.empty()) {
            next_.peer_number = own_dialled();
        }
    }

    // What the person's telephone dialled; of one that was made to call, where that leads to.
    std::string own_dialled() const {
        if (leg_.places && !leg_.first_extension.empty())
            return std::string(leg_.first_extension);
        return std::string(parties_.originated ? parties_.originated_extension
                                               : dialled(leg_.extension));
    }

    // Where the call came from.
    void describe_source() {
        if (!is_inbound()) {
            if (next_.called_number.empty())
                next_.called_number = own_dialled();
            take(next_.context, leg_.context);
            take(next_.queue, leg_.queue);
        } else if (party_) {
            if (next_.called_number.empty())
                describe_called();
            take(next_.context, party_->context);
            take(next_.queue, party_->queue.empty() ? parties_.local_queue : party_->queue);
        }
    }

    void describe_called() {
        take(next_.called_number, dialled(party_->extension));
        take(next_.called_number, parties_.local_extension);
        take(next_.called_number, parties_.originated_extension);
        take(next_.called_number, party_->first_extension);
    }

    // What it has is meant for whom it talks to: it called, or is no desk of ours.
    bool speaks_for_itself(const Leg& party) const {
        return party.places || party.originated || !is_desk(party);
    }

    bool is_desk(const Leg& leg) const {
        return surroundings_.desks.contains(calls::device_of(leg.channel));
    }

    // The least known first.
    void describe_variables() {
        if (party_ && !is_desk(*party_))
            collect(party_->carried);
        if (party_ && speaks_for_itself(*party_))
            collect(party_->variables);
        collect(leg_.variables);
    }

    void collect(std::span<const calls::Variable> variables) {
        for (const auto& [name, value] : variables) {
            if (name == calldata)
                take(next_.calldata, value);
            else if (!value.empty())
                collect_one(name, value);
        }
    }

    void collect_one(std::string_view name, std::string_view value) {
        auto& known = next_.variables;
        const auto at = std::ranges::lower_bound(
            known, name, {}, [](const auto& entry) { return std::string_view(entry.first); });
        if (at != known.end() && at->first == name)
            at->second = value;
        else
            known.emplace(at, name, value);
    }

    // Straight from desk to desk: no queue, and nobody who typed, or listened, before.
    void describe_internal(bool is_new_party) {
        if (is_new_party)
            next_.internal = is_desk(*party_) && !came_through_ivr();
        next_.internal = next_.internal && next_.queue.empty() && next_.calldata.empty();
    }

    bool came_through_ivr() const noexcept {
        return (leg_.after_ivr && calls::dialler_of(leg_) == party_) ||
               (party_->after_ivr && calls::dialler_of(*party_) == &leg_);
    }

    void describe_times() {
        if (next_.answer == 0 && is_answered(next_.state)) {
            next_.answer = leg_.answer;
            if (is_originated() && party_)
                next_.answer = std::max(leg_.answer, party_->answer);
        }
    }

    // What the leg tells that counts of those which have ended.
    void describe_end() {
        const auto& end = *before_.end;
        next_.uniqueid = end.uniqueid;
        next_.channel = end.channel;
        take(next_.own_number, end.number);
        take(next_.own_name, end.name);
        next_.end = end.end;
        next_.cause = end.cause;
        next_.end_reason = end.reason;
    }

    PersonCall& before_;
    Call next_;
    const Leg& leg_;
    Parties parties_;
    const Leg* party_;
    const Surroundings& surroundings_;
};

// What a person sees of the other party; the rest of a call is told along with this.
bool is_same_peer(const Call& a, const Call& b) {
    return a.peer_number == b.peer_number && a.peer_name == b.peer_name &&
           a.withheld == b.withheld && a.internal == b.internal && a.direction == b.direction &&
           a.calldata == b.calldata && a.queue == b.queue && a.variables == b.variables;
}

// One that was up counts before one that only rang, then the one that ended last.
void remember_ends(PersonCall& call, std::vector<const Leg*> legs) {
    std::ranges::sort(legs, {}, &Leg::ended_as);
    for (const auto* leg : legs) {
        if (!leg->has_ended() || (call.end && call.end->was_up && !leg->is_up()))
            continue;
        const bool was_answered = call.call.answer != 0;
        call.end = LegEnd{leg->is_up(),
                          std::string(leg->uniqueid),
                          std::string(leg->channel),
                          std::string(leg->number),
                          std::string(leg->name),
                          leg->end,
                          leg->cause,
                          end_reason(*leg, was_answered)};
    }
}

} // namespace

std::string call_id(std::string_view pbx, std::string_view uniqueid, std::string_view user) {
    return fmt::format("{}:{}:{}", pbx, uniqueid, user);
}

bool is_tellable(const calls::CallTable& table, const Leg& leg) noexcept {
    if (leg.listed_only || calls::is_second_half(leg.channel))
        return false;
    if (leg.has_ended())
        return leg.stillborn;
    if (leg.is_zombie)
        return false;
    if (leg.originated)
        return true;
    if (leg.places)
        return leg.state == LegState::calling || leg.is_up();
    return (leg.is_up() || leg.state == LegState::ringing) &&
           (leg.dial_told || calls::is_with_another(leg) || !table.tells_dials());
}

News describe(PersonCall& call, const calls::CallTable& table, const std::vector<const Leg*>& legs,
              std::string_view user, const Surroundings& surroundings) {
    remember_ends(call, legs);
    auto next = Description(call, leading(legs), surroundings).of(table.pbx(), user);
    const auto before = call.call.state;
    News news = News::none;
    if (!call.told || before != next.state)
        news = before == CallState::held && next.state == CallState::answered ? News::resumed
                                                                              : News::state;
    else if (!is_same_peer(call.call, next))
        news = News::peer;
    call.call = std::move(next);
    call.told = true;
    return news;
}

} // namespace astcti::routing
