// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/routing/router.hpp"

#include "daemon/routing/original_route.hpp"
#include "daemon/routing/person_call.hpp"

#include <algorithm>
#include <tuple>

namespace astcti::routing {
namespace {

using calls::CallTable;
using calls::Leg;
using clients::LoggedIn;
using protocol::Call;
using protocol::CallEvent;

// Which channel of two began first: Asterisk counts them within a second.
bool began_before(const Leg* a, const Leg* b) noexcept {
    return std::tuple(a->start, a->uniqueid.size(), std::string_view(a->uniqueid)) <
           std::tuple(b->start, b->uniqueid.size(), std::string_view(b->uniqueid));
}

// What a person sees of the other party; the rest of a call is told along with this.
bool same_peer(const Call& a, const Call& b) {
    return a.peer_number == b.peer_number && a.peer_name == b.peer_name &&
           a.calldata == b.calldata && a.queue == b.queue && a.variables == b.variables;
}

} // namespace

// The person's legs that belong together, by the leg that began their conversation.
// Restricted to some conversations, or of all.
std::vector<CallEvent> Router::update(const Person& person, const CallTable& table,
                                      const std::set<std::string>* roots) {
    std::map<std::string, std::vector<const Leg*>> groups;
    for (const auto& [id, leg] : table.legs()) {
        if (leg.device != person.extension)
            continue;
        const auto& root = table.caller_of(leg).uniqueid;
        if (!roots || roots->contains(root))
            groups[root].push_back(&leg);
    }

    std::vector<CallEvent> events;
    auto& calls = calls_[{person, table.pbx()}];
    for (auto& [root, legs] : groups) {
        std::ranges::sort(legs, began_before);
        auto& call = call_of(calls, legs);
        std::vector<const Leg*> all;
        for (const auto& uniqueid : call.legs)
            if (const auto* leg = table.find(uniqueid))
                all.push_back(leg);
        auto now = describe(table, all, person.user, call.told);
        if (!now)
            continue;
        const bool state_changed = !call.told || call.told->state != now->state;
        if (state_changed || !same_peer(*call.told, *now))
            events.push_back({*now, !state_changed});
        call.told = std::move(now);
    }
    std::erase_if(calls, [&table](const PersonCall& call) {
        return std::ranges::none_of(call.legs, [&table](const auto& uniqueid) {
            const auto* leg = table.find(uniqueid);
            return leg && leg->end == 0;
        });
    });
    return events;
}

// The call that has one of these legs already, with those that it had not; else a new one.
Router::PersonCall& Router::call_of(PersonCalls& calls, const std::vector<const Leg*>& legs) {
    const auto has = [](const PersonCall& call, const Leg* leg) {
        return std::ranges::find(call.legs, leg->uniqueid) != call.legs.end();
    };
    auto found = std::ranges::find_if(calls, [&](const PersonCall& call) {
        return std::ranges::any_of(legs, [&](const Leg* leg) { return has(call, leg); });
    });
    if (found == calls.end())
        found = calls.emplace(calls.end());
    for (const auto* leg : legs)
        if (!has(*found, leg))
            found->legs.push_back(leg->uniqueid);
    return *found;
}

std::vector<Delivery> Router::changed(const CallTable& table,
                                      const std::vector<calls::Change>& changes) {
    std::vector<Delivery> out;
    if (changes.empty() || sessions_.all().empty())
        return out;

    std::set<std::string> roots;
    for (const auto& change : changes) {
        tell_originals(out, table, change);
        roots.insert(table.caller_of(*change.leg).uniqueid);
    }
    std::set<Person> people;
    for (const auto& session : sessions_.all())
        if (!session.original && !session.extension.empty())
            people.insert({session.user, session.extension});
    for (const auto& person : people)
        for (const auto& event : update(person, table, &roots))
            tell(out, person, event);
    return out;
}

void Router::tell(std::vector<Delivery>& out, const Person& person, const CallEvent& event) const {
    for (const auto& session : sessions_.all())
        if (!session.original && session.user == person.user &&
            session.extension == person.extension)
            out.push_back({session.id, event});
}

void Router::tell_originals(std::vector<Delivery>& out, const CallTable& table,
                            const calls::Change& change) const {
    for (const auto& session : sessions_.all()) {
        if (!session.original || session.extension != change.leg->device)
            continue;
        if (auto event = original_event(table, change))
            out.push_back({session.id, std::move(*event)});
    }
}

std::vector<Delivery> Router::snapshot(const LoggedIn& session, std::string_view epoch,
                                       const std::vector<const CallTable*>& tables,
                                       const std::vector<protocol::PbxState>& pbxs) {
    std::vector<Delivery> out;
    if (session.original)
        return out;
    const auto add = [&](protocol::EventBody body) {
        out.push_back({session.id, std::move(body)});
    };
    add(protocol::SnapshotBegin{std::string(epoch), session.user, session.extension});
    for (const auto& pbx : pbxs)
        add(pbx);
    const Person person{session.user, session.extension};
    for (const auto* table : tables) {
        if (person.extension.empty())
            break;
        // Of a person who is there already everything has been told as it is.
        if (!calls_.contains({person, table->pbx()}))
            update(person, *table, nullptr);
        for (const auto& call : calls_[{person, table->pbx()}])
            if (call.told)
                add(CallEvent{*call.told, false});
    }
    add(protocol::SnapshotEnd{});
    return out;
}

void Router::forget_absent() {
    std::erase_if(calls_, [this](const auto& entry) {
        const auto& person = entry.first.first;
        return std::ranges::none_of(sessions_.all(), [&person](const LoggedIn& session) {
            return !session.original && session.user == person.user &&
                   session.extension == person.extension;
        });
    });
}

std::vector<Delivery> Router::pbx_changed(const protocol::PbxState& state) const {
    std::vector<Delivery> out;
    for (const auto& session : sessions_.all())
        if (!session.original)
            out.push_back({session.id, state});
    return out;
}

} // namespace astcti::routing
