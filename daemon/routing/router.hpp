// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "daemon/calls/call_table.hpp"
#include "daemon/clients/session_table.hpp"
#include "protocol/event.hpp"
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
    explicit Router(const clients::SessionTable& sessions) : sessions_(sessions) {}

    // After each change of a table, before it is swept.
    std::vector<Delivery> changed(const calls::CallTable& table,
                                  const std::vector<calls::Change>& changes);

    // A session was added, or asked for everything: `tables` are all there are, `pbxs` their
    // states. A session of the original's dialect is told nothing of the past, as ever.
    std::vector<Delivery> snapshot(const clients::LoggedIn& session, std::string_view epoch,
                                   const std::vector<const calls::CallTable*>& tables,
                                   const std::vector<protocol::PbxState>& pbxs);

    // After a session was removed: forgets people who are not there any more.
    void forget_absent();

    std::vector<Delivery> pbx_changed(const protocol::PbxState& state) const;

    // The telephones of all accounts, as their channels are called: a call between two of them
    // is internal.
    void set_account_devices(std::set<std::string> devices) {
        account_devices_ = std::move(devices);
    }

private:
    // The same account twice with another extension is two people here.
    struct Person {
        std::string user;
        std::string extension;

        // clang-tidy 14 takes the 0 that <=> is compared with for a pointer.
        auto operator<=>(const Person&) const = default; // NOLINT(modernize-use-nullptr)
    };

    struct PersonCall {
        std::vector<std::string> legs; // uniqueids, the first one first
        std::optional<protocol::Call> told;
    };

    using PersonCalls = std::vector<PersonCall>;

    PersonCall& call_of(PersonCalls& calls, const std::vector<const calls::Leg*>& legs);
    std::vector<protocol::CallEvent> update(const Person& person, const calls::CallTable& table,
                                            const std::set<std::string>* roots);
    void tell(std::vector<Delivery>& out, const Person& person,
              const protocol::CallEvent& event) const;
    void tell_originals(std::vector<Delivery>& out, const calls::CallTable& table,
                        const calls::Change& change) const;

    const clients::SessionTable& sessions_;
    std::set<std::string> account_devices_;
    // For each person and PBX.
    std::map<std::pair<Person, std::string>, PersonCalls> calls_;
};

} // namespace astcti::routing
