// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/calls/call_table.hpp"
#include "daemon/clients/session_table.hpp"
#include "daemon/routing/people.hpp"
#include "daemon/routing/person_call.hpp"
#include "protocol/event.hpp"
#include "protocol/number_rules.hpp"
#include "protocol/original_event.hpp"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace astcti::routing {

// One event for one session.
struct Delivery {
    clients::SessionId to = 0;
    std::variant<protocol::EventBody, protocol::OriginalEvent> event;
};

// Makes person calls of legs, for the people who are logged in, and tells each session what
// changed for its person. Pure: it compares what is with what was told last.
class Router {
public:
    explicit Router(const clients::SessionTable& sessions)
        : sessions_(sessions), people_(sessions) {}

    // Of all accounts, so that a call from desk to desk is known as such.
    void set_account_devices(const std::set<std::string>& devices);
    // Of one that may be new.
    void add_account_devices(const std::vector<std::string>& devices);

    // What a PBX calls devices of accounts. Before the first change.
    void set_aliases(const std::string& pbx, const Aliases& aliases);

    // How the numbers of other parties are written.
    void set_number_rules(protocol::NumberRules rules) { rules_ = std::move(rules); }

    // After each change of a table, before it is swept.
    std::vector<Delivery> changed(const calls::CallTable& table, const calls::Changes& changes);

    // A session was added, or asked for everything: `tables` are all there are, `pbxs` their
    // states. A session of the original's dialect is told nothing of the past, as ever.
    std::vector<Delivery> snapshot(const clients::LoggedIn& session, std::string_view epoch,
                                   const std::vector<const calls::CallTable*>& tables,
                                   const std::vector<protocol::PbxState>& pbxs);

    std::vector<Delivery> pbx_changed(const protocol::PbxState& state) const;

    // How many calls of people are kept, of who left until the next change: none when all calls are
    // over.
    std::size_t size() const noexcept;

private:
    using PersonCalls = std::vector<PersonCall>;
    using Key = std::pair<Person, std::string>; // of whom, on which PBX

    void update(std::vector<Delivery>& out, const Person& person, const calls::CallTable& table,
                const calls::Leg& leg);
    PersonCall* call_of(PersonCalls& calls, const calls::CallTable& table, const calls::Leg& leg);
    void renamed(std::vector<Delivery>& out, const calls::CallTable& table, const calls::Leg& leg);
    // Those who have no session any more. Not when one leaves: all may leave at once.
    void forget_absent();
    void forget_left(const calls::CallTable& table, const calls::Changes& changes);
    void tell(std::vector<Delivery>& out, const Person& person, const protocol::CallEvent& event);
    void tell_originals(std::vector<Delivery>& out, std::string_view pbx,
                        const calls::Change& change);

    const clients::SessionTable& sessions_;
    People people_;
    const Desks& desks_at(std::string_view pbx) const;

    Desks desks_; // of PBXs without aliases
    std::map<std::string, Desks, std::less<>> aliased_desks_;
    std::map<std::string, Aliases, std::less<>> aliases_;
    protocol::NumberRules rules_;
    std::map<Key, PersonCalls> calls_;
    std::uint64_t departures_ = 0; // when forget_absent() looked for them
    // Legs that were renamed out of somebody's calls, while they last: what has ended for her does
    // not begin again.
    std::set<std::pair<Key, std::string>> left_;
};

} // namespace astcti::routing
