// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/routing/router.hpp"

#include "daemon/routing/original_route.hpp"

#include <algorithm>
#include <utility>

namespace astcti::routing {
namespace {

using calls::CallTable;
using calls::Leg;
using protocol::CallEvent;

std::vector<const Leg*> legs_of(const PersonCall& call, const CallTable& table) {
    std::vector<const Leg*> legs;
    for (const auto& uniqueid : call.legs)
        // One that comes back, as its end was not true, does so at the end of the list.
        if (const auto* leg = table.find(uniqueid); leg && !leg->listed_only)
            legs.push_back(leg);
    return legs;
}

// Waits to be answered, so that another telephone of the same person may ring along.
bool rings(const Leg& leg) noexcept {
    return leg.dialed && !leg.originated && !leg.is_up() && leg.is_there();
}

// The legs that a change is about, and those whose parties are, or are with, one of these; of
// them those that are somebody's. A snapshot may be about all legs of a PBX at once.
std::vector<const Leg*> concerned(std::string_view pbx, const calls::Changes& changes,
                                  People& people) {
    std::vector<const Leg*> legs;
    const Leg* last = nullptr;  // several changes in a row are about one leg
    const Leg* other = nullptr; // or, at the end of a snapshot, about a pair
    for (const auto& change : changes) {
        if (std::exchange(last, change.leg) == change.leg)
            continue;
        const bool is_in_pair = calls::is_in_pair(*change.leg);
        if (is_in_pair && change.leg == other)
            continue;
        other = nullptr;
        for (const auto* leg : calls::around(*change.leg)) {
            if (is_in_pair && leg != change.leg)
                other = leg;
            if (people.may_be_at(pbx, leg->device_hash) &&
                !people.at(pbx, calls::device_of(leg->channel)).empty())
                legs.push_back(leg);
        }
    }
    std::ranges::sort(legs, calls::began_before);
    // Not by std::ranges: clang 14 cannot use the subrange of GCC 12's library.
    legs.erase(std::unique(legs.begin(), legs.end()), legs.end());
    return legs;
}

// Of all the legs of a PBX those that are the person's, in their order.
std::vector<const Leg*> legs_at_telephones_of(const Person& person, const CallTable& table,
                                              People& people) {
    std::vector<const Leg*> legs;
    for (const auto hash : people.device_hashes(table.pbx(), person))
        table.legs().by_device().each(hash, [&](const Leg& leg) {
            const auto& there = people.at(table.pbx(), calls::device_of(leg.channel));
            if (std::ranges::find(there, person) != there.end())
                legs.push_back(&leg);
        });
    std::ranges::sort(legs, calls::began_before);
    // Two names of one device, or two devices of one hash, lead to the same legs.
    legs.erase(std::unique(legs.begin(), legs.end()), legs.end());
    return legs;
}

// Another telephone has the call now: it was picked up, or transferred.
void end_renamed(protocol::Call& call, const Leg& leg, calls::Clock now) {
    call.state = protocol::CallState::ended;
    call.end_reason = call.answer != 0 || leg.transferred ? protocol::EndReason::transferred
                                                          : protocol::EndReason::answered_elsewhere;
    call.end = now;
}

} // namespace

void Router::set_account_devices(const std::set<std::string>& devices) {
    desks_.clear();
    aliased_desks_.clear();
    add_account_devices({devices.begin(), devices.end()});
}

void Router::add_account_devices(const std::vector<std::string>& devices) {
    const auto add = [&devices](Desks& desks, const Aliases& aliases) {
        for (const auto& device : devices)
            for (auto& name : names_of(device, aliases))
                desks.insert(std::move(name));
    };
    add(desks_, {});
    for (const auto& [pbx, aliases] : aliases_)
        add(aliased_desks_[pbx], aliases);
}

void Router::set_aliases(const std::string& pbx, const Aliases& aliases) {
    if (!aliases.empty())
        aliases_[pbx] = aliases;
    people_.set_aliases(pbx, aliases);
}

const Desks& Router::desks_at(std::string_view pbx) const {
    if (aliased_desks_.empty())
        return desks_;
    const auto found = aliased_desks_.find(pbx);
    return found == aliased_desks_.end() ? desks_ : found->second;
}

// The person's call that this leg is part of; nothing while there is nothing to tell of it.
PersonCall* Router::call_of(PersonCalls& calls, const CallTable& table, const Leg& leg) {
    const auto having = [&calls](std::string_view uniqueid) {
        return std::ranges::find_if(calls, [uniqueid](const PersonCall& call) {
            return std::ranges::find(call.legs, uniqueid) != call.legs.end();
        });
    };
    if (const auto found = having(leg.uniqueid); found != calls.end())
        return &*found;
    if (!leg.took_over.empty()) {
        if (const auto found = having(leg.took_over); found != calls.end()) {
            std::ranges::replace(found->legs, leg.took_over.view(), std::string(leg.uniqueid));
            return &*found;
        }
    }
    if (!is_tellable(table, leg))
        return nullptr;
    if (rings(leg)) {
        const auto* party = calls::parties_of(leg).only();
        for (auto& call : calls) {
            const auto legs = legs_of(call, table);
            const bool together =
                party && std::ranges::any_of(legs, [party](const Leg* other) {
                    return rings(*other) && calls::parties_of(*other).only() == party;
                });
            if (together) {
                call.legs.emplace_back(leg.uniqueid);
                return &call;
            }
        }
    }
    auto& call = calls.emplace_back();
    call.legs.emplace_back(leg.uniqueid);
    return &call;
}

void Router::update(std::vector<Delivery>& out, const Person& person, const CallTable& table,
                    const Leg& leg) {
    if (!left_.empty() && left_.contains({{person, table.pbx()}, std::string(leg.uniqueid)}))
        return;
    auto found = calls_.find({person, table.pbx()});
    if (found == calls_.end())
        found = calls_.emplace(Key{person, table.pbx()}, PersonCalls{}).first;
    auto& calls = found->second;
    if (auto* call = call_of(calls, table, leg)) {
        const auto legs = legs_of(*call, table);
        const auto news =
            describe(*call, table, legs, person.user, {desks_at(table.pbx()), rules_});
        if (news != News::none)
            tell(out, person, {call->call, news == News::peer, news == News::resumed});
        if (std::ranges::all_of(legs, &Leg::has_ended))
            std::erase_if(calls, [call](const PersonCall& one) { return &one == call; });
    }
    if (calls.empty())
        calls_.erase(found);
}

std::vector<Delivery> Router::changed(const CallTable& table, const calls::Changes& changes) {
    std::vector<Delivery> out;
    forget_absent();
    if (sessions_.all().empty())
        left_.clear();
    if (changes.empty() || sessions_.all().empty())
        return out;
    for (const auto& change : changes) {
        if (people_.has_originals())
            tell_originals(out, table.pbx(), change);
        if (change.what == calls::Change::What::renamed)
            renamed(out, table, *change.leg);
    }
    for (const auto* leg : concerned(table.pbx(), changes, people_))
        for (const auto& person : people_.at(table.pbx(), calls::device_of(leg->channel)))
            update(out, person, table, *leg);
    if (!left_.empty())
        forget_left(table, changes);
    return out;
}

// The channel has another device now: it is out of the calls of those whose it was.
void Router::renamed(std::vector<Delivery>& out, const CallTable& table, const Leg& leg) {
    const auto& people = people_.at(table.pbx(), calls::device_of(leg.channel));
    for (auto& [key, calls] : calls_) {
        if (key.second != table.pbx() || std::ranges::find(people, key.first) != people.end())
            continue;
        for (auto& call : calls) {
            if (std::erase(call.legs, leg.uniqueid.view()) == 0)
                continue;
            left_.emplace(key, leg.uniqueid);
            // Another telephone of hers may go on ringing.
            if (!std::ranges::all_of(legs_of(call, table), &Leg::has_ended))
                continue;
            call.legs.clear();
            end_renamed(call.call, leg, table.now());
            tell(out, key.first, {call.call});
        }
        std::erase_if(calls, [](const PersonCall& call) { return call.legs.empty(); });
    }
    std::erase_if(calls_, [](const auto& entry) { return entry.second.empty(); });
}

void Router::forget_left(const CallTable& table, const calls::Changes& changes) {
    for (const auto& change : changes)
        if (change.leg->has_ended())
            std::erase_if(left_, [&](const auto& entry) {
                return entry.first.second == table.pbx() && entry.second == change.leg->uniqueid;
            });
}

void Router::tell(std::vector<Delivery>& out, const Person& person, const CallEvent& event) {
    for (const auto session : people_.sessions_of(person))
        out.push_back({session, event});
}

void Router::tell_originals(std::vector<Delivery>& out, std::string_view pbx,
                            const calls::Change& change) {
    for (const auto session : people_.originals_at(pbx, calls::device_of(change.leg->channel)))
        if (auto event = original_event(change))
            out.push_back({session, std::move(*event)});
}

std::vector<Delivery> Router::snapshot(const clients::LoggedIn& session, std::string_view epoch,
                                       const std::vector<const CallTable*>& tables,
                                       const std::vector<protocol::PbxState>& pbxs) {
    std::vector<Delivery> out;
    forget_absent();
    if (session.original)
        return out;
    // Not push_back: GCC 12 takes what is moved for something that may not be there.
    constexpr std::size_t usual_size = 4;
    out.reserve(usual_size);
    const auto add = [&](protocol::EventBody body) {
        auto& delivery = out.emplace_back();
        delivery.to = session.id;
        delivery.event = std::move(body);
    };
    add(protocol::SnapshotBegin{std::string(epoch), session.user, session.extension});
    for (const auto& pbx : pbxs)
        add(pbx);
    const Person person{session.user, session.extension};
    for (const auto* table : tables) {
        // Of a person who is there already everything has been told as it is.
        std::vector<Delivery> told;
        if (!calls_.contains({person, table->pbx()})) {
            for (const auto* leg : legs_at_telephones_of(person, *table, people_))
                update(told, person, *table, *leg);
        }
        const auto found = calls_.find({person, table->pbx()});
        if (found == calls_.end())
            continue;
        for (const auto& call : found->second)
            add(CallEvent{call.call});
    }
    add(protocol::SnapshotEnd{});
    return out;
}

void Router::forget_absent() {
    if (std::exchange(departures_, sessions_.departures()) == sessions_.departures())
        return;
    std::erase_if(calls_, [this](const auto& entry) {
        return people_.sessions_of(entry.first.first).empty();
    });
}

std::size_t Router::size() const noexcept {
    std::size_t count = 0;
    for (const auto& [key, calls] : calls_)
        count += calls.size();
    return count;
}

std::vector<Delivery> Router::pbx_changed(const protocol::PbxState& state) const {
    std::vector<Delivery> out;
    for (const auto& session : sessions_.all())
        if (!session.original)
            out.push_back({session.id, state});
    return out;
}

} // namespace astcti::routing
